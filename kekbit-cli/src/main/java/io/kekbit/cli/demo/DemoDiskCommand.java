package io.kekbit.cli.demo;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.sbe.SbeDataFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * The process of the demonstration that runs out of disk space, on a file system that {@link DemoDiskFull} made small.
 */
@Command(name = "demo-disk", description = "Runs out of disk space for kekbit demo.", hidden = true)
public final class DemoDiskCommand implements Callable<Integer>
{
    private static final long TOO_LARGE = 2L * DemoDiskFull.SIZE;
    private static final long SMALL = DemoDiskFull.SIZE / 4;

    @Option(names = "--root", required = true)
    private Path root;

    /** Whether the root is a file system of its own, which can be filled without harm. */
    @Option(names = "--mounted", required = true, arity = "1")
    private boolean isMounted;

    @Spec
    private CommandSpec command;

    /**
     * Runs out of space.
     *
     * @return 0 where every error came when and as it should.
     * @throws IOException where the file system itself fails.
     */
    @Override
    public Integer call() throws IOException
    {
        final boolean isRefused = refusesWhatDoesNotFit();
        final boolean isUnharmed = goesOnWhenOthersTakeTheRest();

        return isRefused && isUnharmed ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private boolean refusesWhatDoesNotFit() throws IOException
    {
        println("create   a channel of " + TOO_LARGE + " bytes");
        try
        {
            DemoChannel.builder(root, TOO_LARGE).create().close();
            println("error    there was none");

            return false;
        }
        catch (final ChannelException ex)
        {
            println("error    " + ex.getMessage());
        }
        final List<Path> left;
        try (Stream<Path> files = Files.walk(root))
        {
            left = files.filter((file) -> Files.isRegularFile(file) && file.toFile().length() > 0).toList();
        }
        println("left     " + (left.isEmpty() ? "no file with anything in it" : left.toString()));

        return left.isEmpty();
    }

    /**
     * The room for the whole channel is taken when it is created: what others do to the disk does not matter then.
     */
    private boolean goesOnWhenOthersTakeTheRest() throws IOException
    {
        println("create   a channel of " + SMALL + " bytes");
        final SequenceHandler sequence = new SequenceHandler();
        try (EnvelopeWriter<SbeDataFormat> writer = DemoChannel.createOrResume(root, SMALL, sequence))
        {
            if (isMounted)
            {
                fillUp(root.resolve("filler"));
                println("fill     the rest of the disk: " + Files.getFileStore(root).getUsableSpace() +
                    " bytes are free");
            }
            println("write    trades, until there is an error");
            final DemoTrade trade = new DemoTrade();
            while (true)
            {
                writer.claim(DemoTrade.LENGTH);
                trade.encode(writer.slot(), sequence.last() + 1, System.currentTimeMillis() * 1_000_000);
                writer.commit(DemoTrade.LENGTH);
            }
        }
        catch (final WriteException ex)
        {
            println("error    " + ex.getMessage());
        }

        try (DemoReader reader =
            new DemoReader(ShmReader.builder(ChannelPath.file(root, DemoChannel.ID)).open(), 1))
        {
            reader.drain();
            println("read     " + reader.count() + " of " + sequence.last() + " trades, " + reader.verdict() +
                ", state " + reader.state());

            return reader.isRight() && reader.count() == sequence.last();
        }
    }

    private static void fillUp(final Path file) throws IOException
    {
        final byte[] block = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(file))
        {
            while (true)
            {
                filler.write(block);
            }
        }
        catch (final IOException ex)
        {
            if (Files.getFileStore(file).getUsableSpace() > block.length)
            {
                throw ex;
            }
        }
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }
}
