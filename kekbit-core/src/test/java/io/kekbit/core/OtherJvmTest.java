package io.kekbit.core;

import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.exceptions.WriterClosedException;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What depends on how the JVM was started: without the flag that Agrona needs, and without bounds checks.
 */
class OtherJvmTest
{
    @TempDir
    private Path root;

    @Test
    void shouldNameFlagInOneSentenceWhenJvmLacksIt() throws IOException, InterruptedException
    {
        for (final String what : List.of("create", "open"))
        {
            try (ChildJvm child = ChildJvm.start(List.of(), WithoutFlag.class, root, what))
            {
                final String output = child.awaitEnd();

                assertTrue(
                    output.startsWith("the JVM was started without the flag that Agrona needs: add " +
                        "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED to the java command"),
                    output);
                assertEquals(0, child.exitStatus());
            }
        }
    }

    @Test
    void shouldRefuseWhenProcessorIsBigEndian()
    {
        final UnsupportedPlatformException ex = assertThrows(
            UnsupportedPlatformException.class, () -> Platform.check(true, ByteOrder.BIG_ENDIAN, false));

        assertTrue(ex.getMessage().contains("big endian"), ex.getMessage());
    }

    @Test
    void shouldRefuseWhenSystemIsWindows()
    {
        final UnsupportedPlatformException ex = assertThrows(
            UnsupportedPlatformException.class, () -> Platform.check(true, ByteOrder.LITTLE_ENDIAN, true));

        assertTrue(ex.getMessage().contains("Windows"), ex.getMessage());
    }

    @Test
    void shouldRefuseEveryCallAfterCloseWhenBoundsChecksAreOff() throws IOException, InterruptedException
    {
        try (ChildJvm child = ChildJvm.start(
            List.of(ChildJvm.AGRONA_FLAG, "-ea", "-Dagrona.disable.bounds.checks=true"), AfterClose.class, root))
        {
            assertEquals("all refused\n", child.awaitEnd());
            assertEquals(0, child.exitStatus());
        }
    }

    /**
     * Uses kekbit in a JVM that was started without the flag.
     */
    static final class WithoutFlag
    {
        private WithoutFlag()
        {
        }

        public static void main(final String[] args)
        {
            try
            {
                if (args[1].equals("create"))
                {
                    TestChannels.createSmall(Path.of(args[0]));
                }
                else
                {
                    ShmReader.open(Path.of(args[0]), 1);
                }
            }
            catch (final UnsupportedPlatformException ex)
            {
                System.out.println(ex.getMessage());
            }
        }
    }

    /**
     * Calls everything that touches the mapping, after it is gone.
     */
    static final class AfterClose
    {
        private AfterClose()
        {
        }

        public static void main(final String[] args)
        {
            assertTrue(!UnsafeBuffer.SHOULD_BOUNDS_CHECK);
            final Path root = Path.of(args[0]);
            final ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
            final ShmReader reader = ShmReader.open(root, 1);
            final UnsafeBuffer source = TestChannels.bytes(64);
            writer.write(source, 0, 64);
            writer.claim(64);
            final MutableDirectBuffer slot = writer.slot();
            writer.close();
            reader.close();

            assertEquals(0, slot.capacity());
            assertEquals(Writer.CLOSED, writer.tryWrite(source, 0, 64));
            assertEquals(Writer.CLOSED, writer.tryClaim(64));
            assertEquals(Writer.CLOSED, writer.tryHeartbeat());
            assertEquals(Writer.CLOSED, writer.tryWrite((format, buffer, offset, maxLength) -> 1));
            assertThrows(WriterClosedException.class, () -> writer.write(source, 0, 64));
            assertThrows(WriterClosedException.class, () -> writer.commit(64));
            assertThrows(WriterClosedException.class, writer::flush);
            writer.abort();
            writer.close();
            assertThrows(ReaderClosedException.class, reader::next);
            assertThrows(
                ReaderClosedException.class, () -> reader.read((buffer, offset, length, at, next) -> offset(at), 1));
            assertThrows(ReaderClosedException.class, reader::state);
            assertThrows(ReaderClosedException.class, () -> reader.moveTo(0));
            System.out.println("all refused");
        }

        private static void offset(final long at)
        {
            throw new AssertionError("a record at " + at);
        }
    }
}
