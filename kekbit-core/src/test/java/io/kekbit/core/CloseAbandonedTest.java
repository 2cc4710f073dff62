package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Closing a channel in place of a writer that died, and refusing where it did not.
 */
class CloseAbandonedTest
{
    private static final int RECORDS = 5;
    private static final int END = 8 + RECORDS * 16;

    @TempDir
    private Path root;
    private Path file;

    @BeforeEach
    void nameFile()
    {
        file = TestChannels.file(root);
    }

    @Test
    void shouldEndReadersWhenWriterDied()
    {
        write().abandon();
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            assertEquals(RECORDS, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.OPEN, reader.state());

            assertEquals(END, ShmWriter.closeAbandoned(file));

            assertEquals(ReaderState.CLOSED, reader.state());
            assertEquals(END, reader.position());
        }
        assertEquals(ChannelState.CLOSED, ChannelStatus.of(file).state());
        assertTrue(ChannelVerifier.verify(file).isSound());
    }

    @Test
    void shouldCloseWhateverFormatAndEnvelopeItHas() throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer =
            NumberedRecords.create(root, TestChannels.smallHeader().build()))
        {
            NumberedRecords.tryWrite(writer, 0, 50);
            NumberedRecords.tryWrite(writer, 1, 50);
            writer.flush();
            final Path copy = Files.copy(file, root.resolve("a copy"));
            TestChannels.putLong(copy, ExtensionDescriptor.FORMAT_ID_OFFSET, 0x1234_5678_9ABCL);

            ShmWriter.closeAbandoned(copy);

            final Verification verification = ChannelVerifier.verify(copy);
            assertEquals(ReaderState.CLOSED, verification.endState());
            assertEquals(2, verification.records());
            assertTrue(verification.isSound(), verification.toString());
            assertEquals(2, verification.extension().writerEpoch());
        }
    }

    @Test
    void shouldCloseWhenChannelIsFull()
    {
        final ShmWriter<RawBinDataFormat> writer = write();
        while (writer.tryHeartbeat() > 0)
        {
            continue;
        }
        writer.abandon();

        ShmWriter.closeAbandoned(file);

        assertEquals(ChannelState.CLOSED, ChannelStatus.of(file).state());
    }

    @Test
    void shouldTouchNoOtherFileWhenNameIsAPattern() throws IOException
    {
        write().abandon();
        final Path copy = Files.copy(file, file.resolveSibling("*"));
        final Path bystander = Files.createFile(file.resolveSibling(".a.b.tmp"));

        ShmWriter.closeAbandoned(copy);

        assertEquals(ChannelState.CLOSED, ChannelStatus.of(copy).state());
        assertEquals(ChannelState.ABANDONED, ChannelStatus.of(file).state());
        assertTrue(Files.exists(bystander));
    }

    @Test
    void shouldCloseWhenFileIsGivenByARelativePath()
    {
        write().abandon();

        ShmWriter.closeAbandoned(Path.of("").toAbsolutePath().relativize(file));

        assertEquals(ChannelState.CLOSED, ChannelStatus.of(file).state());
        assertEquals(Path.of("").toAbsolutePath(), ChannelPlace.of(Path.of("a")).folder());
    }

    @Test
    void shouldRefuseWhenWriterLivesInThisProcess() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = write())
        {
            assertRefused(WriterActiveException.class);
            assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }

    @Test
    void shouldRefuseWhenWriterLivesInAnotherProcess() throws IOException, InterruptedException
    {
        write().abandon();
        try (ChildJvm holder = ChildJvm.start(ChildJvm.QUICK_START, WriterLockTest.Holder.class, root))
        {
            assertEquals("locked", holder.readLine());
            assertRefused(WriterActiveException.class);
            holder.endInput();
            holder.awaitEnd();
        }
        ShmWriter.closeAbandoned(file);
    }

    @Test
    void shouldRefuseWhenClosed() throws IOException
    {
        write().close();

        assertRefused(ChannelClosedException.class);
    }

    @Test
    void shouldRefuseWhenCorrupt() throws IOException
    {
        write().abandon();
        TestChannels.putLengthWord(file, 24, 1L << 40);

        assertRefused(ChannelCorruptException.class);
    }

    @Test
    void shouldRefuseWhenSuspect() throws IOException
    {
        write().abandon();
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);

        assertRefused(ChannelSuspectException.class);
    }

    @Test
    void shouldRefuseWhenTheCrateMadeTheFile() throws IOException
    {
        write().abandon();
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        assertRefused(ChannelNotResumableException.class);
    }

    @Test
    void shouldLeaveNoLockFileBesideItWhenRefusedThatHadNone() throws IOException
    {
        write().close();
        final Path copy = Files.copy(file, root.resolve("copy.kekbit"));

        assertThrows(ChannelClosedException.class, () -> ShmWriter.closeAbandoned(copy));

        assertTrue(Files.notExists(root.resolve("copy.writer")));
        assertTrue(Files.exists(ChannelPath.writerFile(root, TestChannels.CHANNEL_ID)));
    }

    @Test
    void shouldRefuseWhenThereIsNoChannel()
    {
        assertThrows(ChannelNotFoundException.class, () -> ShmWriter.closeAbandoned(root.resolve("missing")));
        assertThrows(ChannelException.class, () -> ShmWriter.closeAbandoned(root));
        assertTrue(Files.notExists(root.resolve("missing.writer")));
    }

    @Test
    void shouldLeaveNoMappingAndNoLockWhenClosed() throws IOException
    {
        write().abandon();
        ShmWriter.closeAbandoned(file);

        assertEquals(List.of(), OpenFiles.mappings(root));
        assertEquals(List.of(), OpenFiles.descriptors(root));
        WriterLock.acquire(ChannelFiles.SYSTEM, root, TestChannels.CHANNEL_ID).release();
        assertTrue(Files.exists(ChannelPath.writerFile(root, TestChannels.CHANNEL_ID)));
    }

    private void assertRefused(final Class<? extends ChannelException> expected) throws IOException
    {
        final byte[] before = Files.readAllBytes(file);

        assertThrows(expected, () -> ShmWriter.closeAbandoned(file));

        assertArrayEquals(before, Files.readAllBytes(file));
    }

    private ShmWriter<RawBinDataFormat> write()
    {
        final ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }

        return writer;
    }
}
