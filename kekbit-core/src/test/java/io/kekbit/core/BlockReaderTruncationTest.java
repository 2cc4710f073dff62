package io.kekbit.core;

import io.kekbit.core.exceptions.WriterClosedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A channel that is cut short while it is copied: its reader turns CORRUPT, or who copies is told by an InternalError,
 * and the copy holds whole blocks only. In a JVM of its own, since it may end with that.
 */
@Tag("damage")
class BlockReaderTruncationTest
{
    private static final int CAPACITY = 48 * 1024;
    private static final int MAX_LENGTH = 100;
    private static final int LIMIT = 700;
    private static final int[] LENGTHS = {0, 4 * 4096, 4 * 4096 + 1000};
    private static final int MAX_ERRORS = 100;

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation"})
    void shouldBeCorruptOrThrowAndLeaveWholeCopyWhenFileIsCutShortWhileCopied(final String mode) throws Exception
    {
        try (ChildJvm child = ChildJvm.start(
            List.of(ChildJvm.AGRONA_FLAG, mode, "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + root + "/crash.log"),
            Copier.class,
            root))
        {
            final String output = child.awaitEnd();

            assertEquals(0, child.exitStatus(), output);
            assertEquals(LENGTHS.length, output.lines().filter((line) -> line.startsWith("case ")).count(), output);
        }
    }

    /**
     * Copies channels that it cuts short.
     */
    static final class Copier
    {
        private static final int COPIED_BEFORE = 10;

        private Copier()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            ChildJvm.endWithParent();
            final Path root = Path.of(args[0]);
            for (final int length : LENGTHS)
            {
                final Path whole = write(root.resolve("whole-" + length));
                final Path cut = Files.copy(whole, root.resolve("cut-" + length));
                final Path copy = copy(cut, root.resolve("copy-" + length), length);
                check(whole, copy, length);
            }
        }

        private static Path write(final Path folder)
        {
            final Header header =
                Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(MAX_LENGTH).build();
            try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(folder, header, RawBinDataFormat.INSTANCE))
            {
                long number = 0;
                while (NumberedRecords.tryWrite(writer, number, MAX_LENGTH) > 0)
                {
                    number++;
                }

                return writer.file();
            }
        }

        private static Path copy(final Path cut, final Path targetRoot, final int length) throws IOException
        {
            int errors = 0;
            try (BlockReader blocks = BlockReader.open(cut);
                ChannelCopy copy = ChannelCopy.open(targetRoot, blocks.blueprint()))
            {
                final BlockHandler handler = (buffer, offset, blockLength, position, timeTicks) ->
                    copy.append(position, buffer, offset, blockLength, timeTicks) > 0;
                for (int i = 0; i < COPIED_BEFORE; i++)
                {
                    blocks.poll(handler, LIMIT);
                }
                try (FileChannel file = FileChannel.open(cut, StandardOpenOption.WRITE))
                {
                    file.truncate(length);
                }
                boolean isDone = false;
                while (!isDone && errors < MAX_ERRORS)
                {
                    try
                    {
                        isDone = blocks.poll(handler, LIMIT) == 0 && blocks.state() == ReaderState.CORRUPT;
                    }
                    catch (final WriterClosedException ex)
                    {
                        // The copy was let go of when a block could not be read.
                        isDone = true;
                    }
                    catch (final InternalError ex)
                    {
                        errors++;
                    }
                }
                assertTrue(isDone, "errors=" + errors);

                return copy.file();
            }
        }

        private static void check(final Path whole, final Path copy, final int length) throws IOException
        {
            InternalError late = null;
            for (int i = 0; i < MAX_ERRORS; i++)
            {
                try
                {
                    // What was cut off can read as zeros, so not that it is the same.
                    try (ChannelCopy reopened = Copying.open(whole, copy.getParent().getParent()))
                    {
                        reopened.complete();
                        final Verification verification = ChannelVerifier.verify(copy);
                        assertTrue(verification.isSound(), verification.toString());
                        assertEquals(reopened.position(), verification.end());
                        assertEquals(reopened.recordCount(), verification.records());
                    }
                    System.out.println("case " + length);
                    return;
                }
                catch (final InternalError ex)
                {
                    // Told late.
                    late = ex;
                }
            }
            throw late;
        }
    }
}
