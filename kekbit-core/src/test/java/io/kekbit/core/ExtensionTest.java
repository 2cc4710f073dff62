package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every field of the extension and both sections, as they are written, and what a reader makes of damaged ones.
 */
class ExtensionTest
{
    private static final byte[] SCHEMA = "what the content is".getBytes(StandardCharsets.US_ASCII);
    private static final long CREATION_TIME = 1_000;
    private static final long NOW = 5_000;
    private static final int SCHEMA_OFFSET = 17_472;
    private static final int INDEX_OFFSET = SCHEMA_OFFSET + 64;

    @TempDir
    private Path root;
    private Path file;
    private UnsafeBuffer content;

    @BeforeEach
    void createChannel() throws IOException
    {
        final Header header = TestChannels.smallHeader().creationTime(CREATION_TIME).build();
        try (ShmWriter<DescribedFormat> writer =
            ShmWriter.builder(root, header, new DescribedFormat()).label("caf\u00e9").clock(() -> NOW).create())
        {
            file = writer.file();
            for (int i = 0; i < 100; i++)
            {
                writer.write(TestChannels.bytes(104), 0, 104);
                writer.heartbeat();
            }
        }
        content = new UnsafeBuffer(Files.readAllBytes(file));
    }

    @Test
    void shouldStoreFormatWhenCreated()
    {
        assertArrayEquals("KEKBITX1".getBytes(StandardCharsets.US_ASCII), bytes(128, 8));
        assertEquals(0, content.getInt(136));
        assertEquals(0, content.getInt(140));
        assertEquals(0xABCD_0000_0001L, content.getLong(144));
        assertArrayEquals(padded("application/x-test"), bytes(192, 64));
        assertArrayEquals(padded("caf\u00e9"), bytes(256, 64));
        assertEquals(0, content.getLong(184), "envelope");
        assertEquals(0, content.getLong(512), "stream id");
        assertEquals(0, content.getLong(520), "ordinal");
        assertEquals(0, content.getLong(528), "first record number");
    }

    @Test
    void shouldStoreWriterWhenCreated()
    {
        final ProcessHandle process = ProcessHandle.current();

        assertEquals(process.pid(), content.getLong(320));
        assertEquals(process.info().startInstant().orElseThrow().toEpochMilli(), content.getLong(328));
        assertEquals(1, content.getLong(352));
    }

    @Test
    void shouldStoreBootIdAsItIsPrintedWhenCreated() throws IOException
    {
        final StringBuilder hex = new StringBuilder();
        for (final byte b : bytes(336, 16))
        {
            hex.append(String.format("%02x", b));
        }

        assertEquals(
            Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim().replace("-", ""), hex.toString());
    }

    @Test
    void shouldStoreSchemaBehindFooterWhenFormatHasOne()
    {
        assertEquals(SCHEMA_OFFSET, content.getLong(152));
        assertEquals(SCHEMA.length, content.getLong(160));
        assertArrayEquals(SCHEMA, bytes(SCHEMA_OFFSET, SCHEMA.length));
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final byte[] schema = new byte[reader.schema().capacity()];
            reader.schema().getBytes(0, schema);
            assertArrayEquals(SCHEMA, schema);
        }
    }

    @Test
    void shouldStoreIndexEntryForFirstRecordOfEveryStrideWhenWritten()
    {
        assertEquals(INDEX_OFFSET, content.getLong(168));
        assertEquals(4, content.getInt(176));
        assertEquals(4096, content.getInt(180));

        // Records of 112 bytes, each with a heartbeat behind it, from position 8 on.
        assertEquals(3, content.getLong(384));
        assertEntry(0, 8, 0);
        assertEntry(1, 8 + 120 * 35, 35);
        assertEntry(2, 8 + 120 * 69, 69);
        assertEquals(0, content.getLong(INDEX_OFFSET + 96), "no fourth entry");
    }

    @Test
    void shouldSkipStrideWhenNoRecordBeginsInIt(@TempDir final Path otherRoot) throws IOException
    {
        final Header header =
            TestChannels.smallHeader().capacity(1 << 24).maxMessageLength(120_000).creationTime(CREATION_TIME).build();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(otherRoot, header, RawBinDataFormat.INSTANCE))
        {
            final long index = writer.extension().indexOffset();
            for (int i = 0; i < 3; i++)
            {
                writer.write(TestChannels.bytes(120_000), 0, 120_000);
            }
            writer.write(TestChannels.bytes(8), 0, 8);
            writer.write(TestChannels.bytes(8), 0, 8);

            assertEquals(4096, writer.extension().indexStride());
            assertEquals(4, TestChannels.getLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
            assertEquals(8, TestChannels.getLong(writer.file(), index));
            assertEquals(120_016, TestChannels.getLong(writer.file(), index + 32));
            assertEquals(240_024, TestChannels.getLong(writer.file(), index + 64));
            assertEquals(360_032, TestChannels.getLong(writer.file(), index + 96));
        }
    }

    @Test
    void shouldSkipStridesWhenEntryBeforeIsNear(@TempDir final Path otherRoot) throws IOException
    {
        final Header header =
            TestChannels.smallHeader().capacity(1 << 20).maxMessageLength(1000).creationTime(CREATION_TIME).build();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(otherRoot, header, RawBinDataFormat.INSTANCE))
        {
            final long index = writer.extension().indexOffset();
            while (writer.writeOffset() < 4 << 16)
            {
                writer.write(TestChannels.bytes(1000), 0, 1000);
            }

            assertEquals(4096, writer.extension().indexStride());
            assertEquals(4, TestChannels.getLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
            for (int i = 1; i < 4; i++)
            {
                final long position = TestChannels.getLong(writer.file(), index + i * 32);
                assertTrue(position >= i << 16 && position < (i << 16) + 1008, "position=" + position);
            }
        }
    }

    @Test
    void shouldStoreTailHintAndDurablePositionWhenClosed()
    {
        assertEquals(8 + 120 * 100, content.getLong(392));
        assertEquals(NOW, content.getLong(400));
        assertEquals(8 + 120 * 100, content.getLong(448));
    }

    @Test
    void shouldLeaveReservedBytesZeroWhenCreated()
    {
        final int[][] used = {{128, 184}, {192, 360}, {384, 408}, {448, 456}};
        for (int offset = 128; offset < 1024; offset++)
        {
            boolean isUsed = false;
            for (final int[] range : used)
            {
                isUsed |= offset >= range[0] && offset < range[1];
            }
            if (!isUsed)
            {
                assertEquals(0, content.getByte(offset), "byte " + offset);
            }
        }
    }

    @Test
    void shouldNeverStepBackInTimeWhenClockDoes(@TempDir final Path otherRoot) throws IOException
    {
        final long[] now = {NOW};
        final Header header = TestChannels.smallHeader().creationTime(CREATION_TIME).build();
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.builder(otherRoot, header, RawBinDataFormat.INSTANCE).clock(() -> now[0]).create())
        {
            writer.heartbeat();
            now[0] = CREATION_TIME - 1;
            writer.heartbeat();

            assertEquals(NOW, TestChannels.getLong(writer.file(), ExtensionDescriptor.TAIL_HINT_TIME_OFFSET));
        }
    }

    @Test
    void shouldTellWhatIsStoredWhenRead()
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final Extension extension = reader.extension();

            assertTrue(extension.isPresent());
            assertEquals(0xABCD_0000_0001L, extension.formatId());
            assertEquals("application/x-test", extension.mediaType());
            assertEquals("caf\u00e9", extension.label());
            assertEquals(ProcessHandle.current().pid(), extension.processId());
            assertTrue(extension.processStartMs() > 0);
            assertEquals(BootId.current(), extension.bootId());
            assertEquals(1, extension.writerEpoch());
            assertEquals(SCHEMA_OFFSET, extension.schemaOffset());
            assertEquals(SCHEMA.length, extension.schemaLength());
            assertEquals(INDEX_OFFSET, extension.indexOffset());
            assertEquals(4, extension.indexCapacity());
            assertEquals(4096, extension.indexStride());
            assertEquals(0, extension.problems().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17473, 19, is not inside",
        "17408, 19, is not inside",
        "0x7FFFFFFFFFFFFFC0, 19, is not inside",
        "-64, 19, is not inside",
        "17472, 193, is not inside",
        "17472, 0, length=0",
        "17472, -1, length=18446744073709551615",
        "17472, 16777217, length=16777217",
        "17472, 65, overlaps the index"})
    void shouldReportAndIgnoreSchemaWhenItsSectionIsWrong(
        final String offset, final long length, final String expectedProblem) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SCHEMA_SECTION_OFFSET, Long.decode(offset));
        TestChannels.putLong(file, ExtensionDescriptor.SCHEMA_LENGTH_OFFSET, length);

        assertProblem("schema section: ", expectedProblem);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(0, reader.schema().capacity());
            assertEquals(0, reader.extension().schemaOffset());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17537, 4, 4096, is not inside",
        "1024, 4, 4096, is not inside",
        "17536, 5, 4096, is not inside",
        "17536, 0, 4096, length=0",
        "17536, -1, 4096, length=137438953440",
        "17536, 4, 4097, stride=4097",
        "17536, 4, 0, stride=0",
        "17536, 4, 4, stride=4"})
    void shouldReportAndIgnoreIndexWhenItsSectionIsWrong(
        final long offset, final int capacity, final int stride, final String expectedProblem) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET, offset);
        TestChannels.putInt(file, ExtensionDescriptor.INDEX_CAPACITY_OFFSET, capacity);
        TestChannels.putInt(file, ExtensionDescriptor.INDEX_STRIDE_OFFSET, stride);

        assertProblem("index section: ", expectedProblem);
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 256})
    void shouldReadWholeFieldWhenTextIsNotTerminated(final int offset) throws IOException
    {
        for (int i = 0; i < 64; i++)
        {
            TestChannels.putByte(file, offset + i, 'x');
        }

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final String text = offset == 192 ? reader.extension().mediaType() : reader.extension().label();
            assertEquals("x".repeat(64), text);
        }
    }

    @Test
    void shouldHaveNoBootIdWhenTextIsNone()
    {
        assertEquals(BootId.UNKNOWN, BootId.parse("no id\n"));
    }

    private void assertProblem(final String expectedStart, final String expectedPart)
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(1, reader.extension().problems().size(), reader.extension().problems().toString());
            final String problem = reader.extension().problems().get(0);
            assertTrue(problem.startsWith(expectedStart), problem);
            assertTrue(problem.contains(expectedPart), problem);
            assertEquals(100, TestChannels.readAll(reader).size());
        }
    }

    private void assertEntry(final int number, final long expectedPosition, final long expectedCount)
    {
        final int offset = INDEX_OFFSET + number * IndexDescriptor.ENTRY_LENGTH;
        assertEquals(expectedPosition, content.getLong(offset));
        assertEquals(expectedCount, content.getLong(offset + 8));
        assertEquals(NOW, content.getLong(offset + 16));
        assertTrue(IndexDescriptor.isValid(content, offset, CREATION_TIME));
    }

    private byte[] bytes(final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        content.getBytes(offset, bytes);

        return bytes;
    }

    private static byte[] padded(final String text)
    {
        return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 64);
    }

    private static final class DescribedFormat implements DataFormat
    {
        @Override
        public long id()
        {
            return 0xABCD_0000_0001L;
        }

        @Override
        public String mediaType()
        {
            return "application/x-test";
        }

        @Override
        public DirectBuffer schema()
        {
            return new UnsafeBuffer(SCHEMA);
        }
    }
}
