package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A file that is cut short, so that the pages to be touched are gone: that is told, and the JVM goes on. In a JVM of
 * its own, since it may end with that; in the interpreter and in what each of the compilers makes of it, which meet the
 * fault differently.
 */
@Tag("damage")
class PrefaultFaultTest
{
    private static final int CAPACITY = 1024 * 1024;
    private static final int CUT_LENGTH = 16 * 4096;
    private static final List<String> CASES = List.of("reader agent", "writer agent", "opening");

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation", "-XX:-TieredCompilation"})
    void shouldSayThatFileWasCutShortWhenPagesAreGone(final String mode) throws Exception
    {
        try (ChildJvm child = ChildJvm.start(
            List.of(ChildJvm.AGRONA_FLAG, mode, "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + root + "/crash.log"),
            Touching.class,
            root,
            mode))
        {
            final String output = child.awaitEnd();

            assertEquals(0, child.exitStatus(), output);
            assertEquals(
                CASES.stream().map((name) -> "case " + name + ": told, and ended").toList(),
                output.lines().filter((line) -> line.startsWith("case ")).toList(),
                output);
        }
    }

    /**
     * Cuts channels short, and prints what comes of it.
     */
    static final class Touching
    {
        private static final int WARM_UPS = 20_000;
        private static final int MAX_CALLS = 100;

        private Touching()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            ChildJvm.endWithParent();
            final Path root = Path.of(args[0]);
            final int warmUps = args[1].equals("-Xint") ? 1 : WARM_UPS;
            for (final String name : CASES)
            {
                final Path folder = root.resolve(name);
                final Header header = Header.builder()
                    .channelId(TestChannels.CHANNEL_ID).capacity(CAPACITY).maxMessageLength(8).build();
                final ShmWriter<RawBinDataFormat> writer = ShmWriter.create(folder, header, RawBinDataFormat.INSTANCE);
                writer.write(new UnsafeBuffer(new byte[8]), 0, 8);
                final boolean isTold = switch (name)
                {
                    case "reader agent" -> cutUnderReader(folder, warmUps);
                    case "writer agent" ->
                        cutUnder(writer.prefaultAgent(CAPACITY, 1), TestChannels.file(folder), warmUps);
                    default -> cutWhileOpened(folder);
                };
                writer.abandon();
                System.out.println("case " + name + ": " + (isTold ? "told, and ended" : "not told"));
            }
        }

        private static boolean cutUnderReader(final Path folder, final int warmUps) throws IOException
        {
            try (ShmReader reader = ShmReader.open(folder, TestChannels.CHANNEL_ID))
            {
                return cutUnder(reader.prefaultAgent(CAPACITY, 1), TestChannels.file(folder), warmUps);
            }
        }

        private static boolean cutUnder(final PrefaultAgent agent, final Path file, final int warmUps)
            throws IOException
        {
            for (int i = 0; i < warmUps; i++)
            {
                agent.doWork();
            }
            cut(file);
            try
            {
                for (int i = 0; i < MAX_CALLS; i++)
                {
                    agent.doWork();
                }
            }
            catch (final FileTooShortException ex)
            {
                return ex.actual() == CUT_LENGTH && ex.file().equals(file) && agent.doWork() == 0;
            }

            return false;
        }

        private static boolean cutWhileOpened(final Path folder)
        {
            final ChannelFiles cutting = new ChannelFiles()
            {
                @Override
                MappedByteBuffer map(
                    final Path file, final FileChannel.MapMode mode, final long offset, final long length)
                    throws IOException
                {
                    final MappedByteBuffer mapped = super.map(file, mode, offset, length);
                    if (offset > 0)
                    {
                        // The index is mapped last.
                        cut(file);
                    }

                    return mapped;
                }
            };
            try (ShmReader reader = ShmReader.builder(folder, TestChannels.CHANNEL_ID)
                .files(cutting).prefault(Prefault.NOW).open())
            {
                return reader.position() < 0;
            }
            catch (final FileTooShortException ex)
            {
                return ex.actual() == CUT_LENGTH;
            }
        }

        private static void cut(final Path file) throws IOException
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.truncate(CUT_LENGTH);
            }
        }
    }
}
