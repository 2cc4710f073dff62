package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.InvalidDescriptionException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.BlueprintDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChannelBlueprintTest
{
    private static final int OFFSET = 24;
    private static final int DAMAGES = 20_000;

    @TempDir
    private Path root;
    private Path file;
    private ChannelBlueprint blueprint;

    @BeforeEach
    void createChannel()
    {
        try (EnvelopeWriter<DataFormat> writer = EnvelopeWriter.create(
            ShmWriter.<DataFormat>builder(root, TestChannels.smallHeader().build(), new DescribedFormat())
                .label("prices \u20ac"),
            new SequenceHandler(),
            new ChecksumHandler()))
        {
            file = writer.channel().file();
        }
        blueprint = Copying.blueprint(file);
    }

    @Test
    void shouldTellAllThatMakesTheChannel()
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(reader.header(), blueprint.header());
            assertEquals(reader.schema(), blueprint.schema());
            assertEquals(reader.extension().formatId(), blueprint.formatId());
            assertEquals("application/x-described", blueprint.mediaType());
            assertEquals("prices \u20ac", blueprint.label());
            assertArrayEquals(new byte[] {2, 3}, blueprint.envelope());
            assertEquals(0, blueprint.streamId());
            assertEquals(120, blueprint.longestFrame());
        }
    }

    @Test
    void shouldBeEqualWhenEncodedAndDecoded()
    {
        final UnsafeBuffer buffer = encoded(blueprint);

        final ChannelBlueprint decoded = ChannelBlueprint.decode(buffer, OFFSET, blueprint.encodedLength());

        assertEquals(blueprint, decoded);
        assertEquals(blueprint.hashCode(), decoded.hashCode());
        assertEquals(blueprint.toString(), decoded.toString());
        assertEquals(blueprint.schema(), decoded.schema());
        // Nothing but its bytes was written.
        assertEquals(0, buffer.getLong(OFFSET - 8));
        assertEquals(0, buffer.getLong(OFFSET + blueprint.encodedLength()));
    }

    @Test
    void shouldStayTheSameWhenChannelIsWrittenAndTakenOver() throws IOException
    {
        final Path otherRoot = root.resolve("other");
        final ChannelBlueprint created;
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(otherRoot))
        {
            created = Copying.blueprint(writer.file());
            TestChannels.fillWithLongest(writer);
            writer.flush();
            writer.abandon();
        }
        ShmWriter.closeAbandoned(TestChannels.file(otherRoot));

        assertEquals(created, Copying.blueprint(TestChannels.file(otherRoot)));
    }

    @ParameterizedTest
    @ValueSource(ints = {
        HeaderDescriptor.WRITER_ID_OFFSET, HeaderDescriptor.TIMEOUT_OFFSET, HeaderDescriptor.CREATION_TIME_OFFSET,
        HeaderDescriptor.TICK_UNIT_OFFSET + 40, ExtensionDescriptor.FORMAT_ID_OFFSET,
        ExtensionDescriptor.ENVELOPE_OFFSET, ExtensionDescriptor.MEDIA_TYPE_OFFSET, ExtensionDescriptor.LABEL_OFFSET,
        ExtensionDescriptor.STREAM_ID_OFFSET, ExtensionDescriptor.ORDINAL_OFFSET,
        ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET})
    void shouldDifferWhenFieldDiffers(final int offset) throws IOException
    {
        TestChannels.putByte(file, offset, 1);

        assertNotEquals(blueprint, Copying.blueprint(file));
    }

    @Test
    void shouldLeaveOutSectionsWhenTheyBreakTheRules() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SCHEMA_SECTION_OFFSET, 8);
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET, 8);

        final ChannelBlueprint damaged = Copying.blueprint(file);

        assertEquals(0, damaged.schema().capacity());
        final Path copy = Copying.run(file, root.resolve("target"), 100);
        assertEquals(damaged, Copying.blueprint(copy));
        try (ShmReader reader = ShmReader.builder(copy).open())
        {
            assertEquals(0, reader.extension().indexCapacity());
            assertTrue(reader.extension().problems().isEmpty());
        }
    }

    @Test
    void shouldRefuseReaderWhenItIsClosed()
    {
        final ShmReader reader = ShmReader.open(root, 1);
        reader.close();

        assertThrows(ReaderClosedException.class, () -> ChannelBlueprint.of(reader));
    }

    @Test
    void shouldEscapeWhatComesFromTheFileWhenPrinted() throws IOException
    {
        TestChannels.putByte(file, ExtensionDescriptor.LABEL_OFFSET, 0x1B);

        assertFalse(Copying.blueprint(file).toString().contains("\u001B"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, 'blueprint: version=2 known=1'",
        "4, 6, 'schema bytes=6 do not go together'",
        "4, -1, 'schema bytes=4294967295 do not go together'",
        "144, -1, 'index section'",
        "148, 5000, 'not a power of two'"})
    void shouldRefuseDescriptionWhenFieldIsImpossible(final int offset, final int value, final String expected)
    {
        final UnsafeBuffer buffer = encoded(blueprint);
        buffer.putInt(OFFSET + offset, value, ByteOrder.LITTLE_ENDIAN);

        final InvalidDescriptionException ex = assertThrows(
            InvalidDescriptionException.class,
            () -> ChannelBlueprint.decode(buffer, OFFSET, blueprint.encodedLength()));

        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
    }

    @Test
    void shouldRefuseHeaderWhenItBreaksTheRulesOfOpening()
    {
        final UnsafeBuffer buffer = encoded(blueprint);
        final int header = OFFSET + BlueprintDescriptor.HEADER_OFFSET;
        buffer.putInt(header + HeaderDescriptor.MAX_RECORD_LENGTH_OFFSET, 4096, ByteOrder.LITTLE_ENDIAN);
        assertThrows(
            InvalidHeaderException.class,
            () -> ChannelBlueprint.decode(buffer, OFFSET, blueprint.encodedLength()));

        buffer.putByte(header, (byte)0);
        assertThrows(
            InvalidSignatureException.class,
            () -> ChannelBlueprint.decode(buffer, OFFSET, blueprint.encodedLength()));
    }

    @Test
    void shouldRefuseBytesWhenSomeAreMissing()
    {
        final UnsafeBuffer buffer = encoded(blueprint);
        for (int length = 0; length < blueprint.encodedLength(); length++)
        {
            final int shorter = length;
            assertThrows(
                InvalidDescriptionException.class, () -> ChannelBlueprint.decode(buffer, OFFSET, shorter));
        }
        assertThrows(
            IndexOutOfBoundsException.class, () -> ChannelBlueprint.decode(buffer, OFFSET, buffer.capacity()));
    }

    /**
     * Whatever the bytes are: they are refused with one of the exceptions that are told, or they are a blueprint that
     * comes out of its own bytes again.
     */
    @Test
    void shouldRefuseOrTakeButNeverFailOtherwiseWhenBytesAreDamaged()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final int length = blueprint.encodedLength();
        int taken = 0;
        for (int i = 0; i < DAMAGES; i++)
        {
            final UnsafeBuffer buffer = encoded(blueprint);
            for (int damages = 1 + random.nextInt(4); damages > 0; damages--)
            {
                final byte value = (byte)(random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
                buffer.putByte(OFFSET + random.nextInt(length), value);
            }
            try
            {
                final ChannelBlueprint decoded = ChannelBlueprint.decode(buffer, OFFSET, length);
                taken++;
                assertEquals(
                    decoded, ChannelBlueprint.decode(encoded(decoded), OFFSET, decoded.encodedLength()), "" + seed);
                assertTrue(decoded.fileLength() > decoded.header().capacity());
            }
            catch (final ChannelException ex)
            {
                assertTrue(ex.getMessage().length() > 10);
            }
        }
        assertTrue(taken > 0 && taken < DAMAGES, "taken=" + taken + " seed=" + seed);
    }

    private static UnsafeBuffer encoded(final ChannelBlueprint blueprint)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[OFFSET + blueprint.encodedLength() + 8]);
        blueprint.encode(buffer, OFFSET);

        return buffer;
    }

    /**
     * A format that stores a schema.
     */
    private static final class DescribedFormat implements DataFormat
    {
        @Override
        public long id()
        {
            return 1L << 40;
        }

        @Override
        public String mediaType()
        {
            return "application/x-described";
        }

        @Override
        public DirectBuffer schema()
        {
            return new UnsafeBuffer("numbers".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
