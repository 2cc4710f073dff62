package io.kekbit.examples.resume;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The process that writes numbers: it begins a channel, or goes on after the last record of a writer that died, with
 * the same lines of code.
 */
@Command(name = "resume-after-kill-writer", description = "Writes the numbers of resume-after-kill.", hidden = true)
public final class NumberWriter implements Callable<Integer>
{
    /**
     * Room for some seconds at the pace below.
     */
    private static final int CAPACITY = 128 * 1024 * 1024;
    private static final int MAX_MESSAGE_LENGTH = 64;
    private static final int BURST = 100;
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

    @Option(names = "--root", required = true)
    private Path root;

    @Option(names = "--records")
    private long records = Long.MAX_VALUE;

    @Spec
    private CommandSpec command;

    /**
     * Writes number after number.
     *
     * @return 0, unless it is killed before.
     */
    @Override
    public Integer call()
    {
        final Header header = Header.builder()
            .channelId(ResumeAfterKill.CHANNEL_ID)
            .capacity(CAPACITY)
            .maxMessageLength(MAX_MESSAGE_LENGTH)
            .build();
        // A number before and a checksum behind every payload; the number goes on from what is in the channel.
        final SequenceHandler sequence = new SequenceHandler();
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.createOrResume(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE), sequence, new ChecksumHandler()))
        {
            command.commandLine().getOut().println(
                sequence.last() == 0 ? "channel created" : "channel taken over after record " + sequence.last());
            write(writer, sequence);
        }
        command.commandLine().getOut().println("channel closed after record " + sequence.last());

        return 0;
    }

    private void write(final EnvelopeWriter<RawBinDataFormat> writer, final SequenceHandler sequence)
    {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
        for (long i = 0; i < records; i++)
        {
            payload.putLong(0, sequence.last() + 1, LITTLE_ENDIAN);
            writer.write(payload, 0, Long.BYTES);
            if (i % BURST == 0)
            {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}
