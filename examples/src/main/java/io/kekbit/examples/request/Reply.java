package io.kekbit.examples.request;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.Opening;
import io.kekbit.examples.support.SignsOfLife;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Answers requests for sums until nobody asks any more.
 */
@Command(
    name = "reply",
    description = "Answers each request with the sum of its two numbers.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:every request was answered, and the channel of requests was closed",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "3:nobody came in time who asks",
        "4:who asks is gone: no sign of life for longer than the channel's timeout",
        "5:the channel of requests cannot be read to its end: damaged, or not closed when it was full",
        "130, 143:interrupted (Ctrl-C, kill); the channel of replies is closed, however it ends"})
public final class Reply implements Callable<Integer>
{
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[RequestChannels.REPLY_LENGTH]);

    @Mixin
    private RequestChannels channels;

    @Spec
    private CommandSpec command;

    /**
     * Answers until nobody asks any more.
     *
     * @return the exit status.
     */
    @Override
    public Integer call()
    {
        try (Interruption interruption = new Interruption())
        {
            final int status;
            try (ShmWriter<RawBinDataFormat> writer = channels.create(channels.replies, RequestChannels.REPLY_LENGTH))
            {
                status = answer(writer, interruption);
            }
            println("channel of replies closed");

            return status;
        }
    }

    private int answer(final ShmWriter<RawBinDataFormat> writer, final Interruption interruption)
    {
        println("waiting for somebody who asks");
        final SignsOfLife signsOfLife = new SignsOfLife(writer);
        try (ShmReader reader =
            Opening.await(channels.reader(channels.requests), channels.waitSeconds, interruption, signsOfLife))
        {
            if (reader == null)
            {
                return interruption.isPending() ?
                    failed(ExitStatus.FAILED, "interrupted") : failed(ExitStatus.NO_CHANNEL, "nobody asks");
            }

            final OtherSide otherSide = new OtherSide(reader, signsOfLife, interruption);
            long requests = 0;
            while (otherSide.next())
            {
                if (reader.length() != RequestChannels.REQUEST_LENGTH)
                {
                    return failed(ExitStatus.FAILED, "not a request: length=" + reader.length());
                }
                answer(reader, writer);
                requests++;
            }
            println(requests + " requests answered");
            final int status = otherSide.exitStatus();

            return status == ExitStatus.OK ? status : failed(status, otherSide.message("who asks"));
        }
    }

    private void answer(final ShmReader reader, final ShmWriter<RawBinDataFormat> writer)
    {
        final int offset = reader.offset();
        final long number = reader.buffer().getLong(offset + RequestChannels.NUMBER_OFFSET, LITTLE_ENDIAN);
        final long first = reader.buffer().getLong(offset + RequestChannels.FIRST_OFFSET, LITTLE_ENDIAN);
        final long second = reader.buffer().getLong(offset + RequestChannels.SECOND_OFFSET, LITTLE_ENDIAN);

        reply.putLong(RequestChannels.NUMBER_OFFSET, number, LITTLE_ENDIAN);
        reply.putLong(RequestChannels.SUM_OFFSET, first + second, LITTLE_ENDIAN);
        writer.write(reply, 0, RequestChannels.REPLY_LENGTH);
    }

    private int failed(final int status, final String message)
    {
        command.commandLine().getErr().println(command.qualifiedName() + ": " + message);

        return status;
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }
}
