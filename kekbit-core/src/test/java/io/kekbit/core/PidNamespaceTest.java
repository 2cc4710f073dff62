package io.kekbit.core;

import io.kekbit.core.exceptions.WriterActiveException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two containers that share a folder: both writers are process 1. The lock tells who lives, and not the process id.
 */
@Tag("life-cycle")
class PidNamespaceTest
{
    private static final List<String> IN_NAMESPACE =
        List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int RECORDS = 10;

    @TempDir
    private Path root;

    @BeforeEach
    void requireNamespaces() throws InterruptedException
    {
        boolean hasNamespaces;
        try
        {
            final List<String> probe = new ArrayList<>(IN_NAMESPACE);
            probe.add("true");
            hasNamespaces = new ProcessBuilder(probe).start().waitFor() == 0;
        }
        catch (final IOException ex)
        {
            hasNamespaces = false;
        }
        if (!hasNamespaces)
        {
            System.out.println("skipped: two processes 1 need unshare, and the right to use it");
        }
        Assumptions.assumeTrue(hasNamespaces);
    }

    @Test
    @Timeout(180)
    void shouldTellLivingFromDeadByLockWhenBothAreProcessOne() throws IOException, InterruptedException
    {
        try (ChildJvm first = start("first"); ChildJvm second = start("second"))
        {
            assertEquals("1 is making channel 1", first.readLine());
            goOn("second");
            assertEquals("1 created channel 2", second.readLine());
            assertEquals("1 is refused channel 1", second.readLine());
            assertEquals(1, temporaryFiles(), "what the living creator makes stays");

            goOn("first");
            assertEquals("1 created channel 1", first.readLine());
            goOn("third");
            assertEquals("1 is refused channel 1", second.readLine());
            first.kill();
            second.endInput();
            assertEquals("1 took channel 1 over", lineBehind("1 is refused channel 1", second));
            assertEquals("", second.awaitEnd());
            assertEquals(0, second.exitStatus());
        }

        assertRecords(1, 2 * RECORDS, 2);
        assertRecords(2, RECORDS, 1);
        Evidence.print(
            "two processes 1", "channels", 2, "refused", 2, "takenOver", 1, "records", 3 * RECORDS, "lost", 0);
    }

    private ChildJvm start(final String part)
    {
        // Without the JVM's own file of measurements, which has the process id as its name, too.
        return ChildJvm.startBy(
            IN_NAMESPACE,
            List.of(ChildJvm.AGRONA_FLAG, "-XX:-UsePerfData"),
            ChildJvm.classPath(),
            ProcessOne.class,
            root,
            part);
    }

    /**
     * What was waited for is the end of the command that started it, which may be over before its own.
     */
    private static String lineBehind(final String skipped, final ChildJvm child) throws IOException
    {
        String line = child.readLine();
        while (skipped.equals(line))
        {
            line = child.readLine();
        }

        return line;
    }

    private void goOn(final String part) throws IOException
    {
        Files.createFile(root.resolve(part));
    }

    private int temporaryFiles() throws IOException
    {
        int count = 0;
        for (final Path file : TestChannels.filesBelow(root))
        {
            count += file.toString().endsWith(".tmp") ? 1 : 0;
        }

        return count;
    }

    private void assertRecords(final long channelId, final int expected, final long expectedEpoch)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            assertEquals(1, reader.extension().processId());
            assertEquals(expectedEpoch, reader.extension().writerEpoch());
            assertEquals(expected, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    /**
     * The first makes channel 1, slowly, and holds it until it is killed. The second makes channel 2, and tries channel
     * 1 while it is made, while it is written, and when its writer is dead.
     */
    static final class ProcessOne
    {
        private static Path root;

        private ProcessOne()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            root = Path.of(args[0]);
            if (args[1].equals("first"))
            {
                final ShmWriter<RawBinDataFormat> writer = builder(1).files(new SlowFiles()).create();
                write(writer);
                say("created channel 1");
                assertEquals(-1, System.in.read());
                // Its input ends when it is killed, maybe a moment before it dies: it must not close the channel.
                Runtime.getRuntime().halt(1);
            }

            await("second");
            final ShmWriter<RawBinDataFormat> own = builder(2).create();
            write(own);
            say("created channel 2");
            own.close();
            tryChannel1();
            await("third");
            tryChannel1();
            assertEquals(-1, System.in.read());
            final long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (!tryChannel1() && System.nanoTime() - deadlineNs < 0)
            {
                continue;
            }
        }

        private static boolean tryChannel1()
        {
            try (ShmWriter<RawBinDataFormat> writer = builder(1).createOrResume())
            {
                write(writer);
                say("took channel 1 over");

                return true;
            }
            catch (final WriterActiveException ex)
            {
                say("is refused channel 1");

                return false;
            }
        }

        private static ShmWriterBuilder<RawBinDataFormat> builder(final long channelId)
        {
            return ShmWriter.builder(
                root, TestChannels.smallHeader().channelId(channelId).build(), RawBinDataFormat.INSTANCE);
        }

        private static void write(final ShmWriter<?> writer)
        {
            for (int i = 0; i < RECORDS; i++)
            {
                writer.write(TestChannels.bytes(8), 0, 8);
            }
        }

        private static void say(final String what)
        {
            System.out.println(ProcessHandle.current().pid() + " " + what);
        }

        private static void await(final String part)
        {
            final long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (!Files.exists(root.resolve(part)))
            {
                assertTrue(System.nanoTime() - deadlineNs < 0, part);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    /**
     * Waits in the middle of making the channel's file.
     */
    private static final class SlowFiles extends ChannelFiles
    {
        @Override
        void fillWithZeros(final FileChannel channel, final long length) throws IOException
        {
            ProcessOne.say("is making channel 1");
            ProcessOne.await("first");
            super.fillWithZeros(channel, length);
        }
    }
}
