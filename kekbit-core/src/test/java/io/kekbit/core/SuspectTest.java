package io.kekbit.core;

import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * What a reader believes of a file that was written before the machine was restarted: that is, under another boot id.
 */
class SuspectTest
{
    private static final int DURABLE_POSITION = 40;

    @TempDir
    private Path root;
    private Path file;

    /**
     * Two records that were flushed, and two that were not, of a writer that died.
     */
    @BeforeEach
    void writeFlushAndDie() throws IOException
    {
        final Path source = root.resolve("source");
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(source))
        {
            write(writer, 2);
            writer.flush();
            write(writer, 2);
            file = TestChannels.file(root);
            Files.createDirectories(file.getParent());
            Files.copy(writer.file(), file);
        }
        restartMachine();
    }

    @Test
    void shouldReadOnToTheEndWhenMachineWasNotRestarted() throws IOException
    {
        final byte[] bootId = new byte[ExtensionDescriptor.BOOT_ID_LENGTH];
        final ByteBuffer buffer = ByteBuffer.wrap(bootId);
        buffer.putLong(BootId.current().getMostSignificantBits()).putLong(BootId.current().getLeastSignificantBits());
        for (int i = 0; i < bootId.length; i++)
        {
            TestChannels.putByte(file, ExtensionDescriptor.BOOT_ID_OFFSET + i, bootId[i]);
        }

        assertReads(4, 72, ReaderState.OPEN);
    }

    @Test
    void shouldStopAtDurablePositionWhenMachineWasRestarted()
    {
        assertReads(2, DURABLE_POSITION, ReaderState.SUSPECT);
    }

    @Test
    void shouldStopAtDurablePositionWhenBootIdIsUnknown() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0);
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET + 8, 0);

        assertReads(2, DURABLE_POSITION, ReaderState.SUSPECT);
    }

    @Test
    void shouldNotBelieveZerosWhenPageWasLost() throws IOException
    {
        for (int position = DURABLE_POSITION; position < 4096; position += 8)
        {
            TestChannels.putLengthWord(file, position, 0);
        }

        assertReads(2, DURABLE_POSITION, ReaderState.SUSPECT);
    }

    @Test
    void shouldReadOnWhenToldTo()
    {
        try (ShmReader reader = ShmReader.builder(root, 1).readSuspect(true).open())
        {
            assertEquals(4, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    @Test
    void shouldReadToTheEndWhenWriterClosedBeforeRestart() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, 72);
        TestChannels.putLengthWord(file, 72, RecordDescriptor.CLOSE);

        assertReads(4, 72, ReaderState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, 41, 16_392, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldBelieveNothingWhenDurablePositionIsImpossible(final long durablePosition) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, durablePosition);

        assertReads(0, 0, ReaderState.SUSPECT);
    }

    @Test
    void shouldRefuseToMoveWhenPositionIsSuspect()
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            reader.moveTo(DURABLE_POSITION);
            assertEquals(ReaderState.SUSPECT, reader.state());
            assertFalse(reader.state().isFinal());
            assertThrows(UnavailablePositionException.class, () -> reader.moveTo(56));
        }
    }

    @Test
    void shouldFollowWriterWhenItTakesTheChannelOver()
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(2, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.SUSPECT, reader.state());
            try (ShmWriter<RawBinDataFormat> writer = ShmWriter
                .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .discardSuspect(true)
                .resume())
            {
                write(writer, 3);

                assertEquals(ReaderState.OPEN, reader.state());
                assertEquals(3, TestChannels.readAll(reader).size());
            }
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldNotSuspectChannelOfTheCrateSinceItTellsNothing() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        assertReads(4, 72, ReaderState.OPEN);
    }

    private void restartMachine() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
    }

    private void assertReads(final int expectedRecords, final long expectedPosition, final ReaderState expectedState)
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(expectedRecords, TestChannels.readAll(reader).size());
            assertEquals(expectedPosition, reader.position());
            assertEquals(expectedState, reader.state());
            assertEquals(0, reader.read((buffer, offset, length, at, next) -> fail("a record at " + at), 10));
        }
    }

    private static void write(final ShmWriter<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }
}
