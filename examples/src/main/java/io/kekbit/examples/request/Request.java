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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Asks another process for sums, and checks each.
 */
@Command(
    name = "request",
    description = "Sends numbered requests, each of two numbers, and checks the sums that come back.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:every request was answered, and right",
        "1:it failed, for the reason told; a wrong answer also",
        "2:the options are not right",
        "3:nobody came in time who replies",
        "4:who replies is gone: no sign of life for longer than the channel's timeout",
        "5:the channel of replies ends before all are there: closed, damaged or full",
        "130, 143:interrupted (Ctrl-C, kill); the channel of requests is closed, however it ends"})
public final class Request implements Callable<Integer>
{
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int BOUND = 1_000;
    private static final long SEED = 1850;

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[RequestChannels.REQUEST_LENGTH]);
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Mixin
    private RequestChannels channels;

    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "10",
        description = "How many requests; ${DEFAULT-VALUE} unless given.")
    private long count;

    @Option(
        names = "--pause",
        paramLabel = "MS",
        defaultValue = "200",
        description = "Pause before the next request in milliseconds; ${DEFAULT-VALUE} unless given.")
    private long pauseMs;

    @Spec
    private CommandSpec command;

    /**
     * Asks, and checks the answers.
     *
     * @return the exit status.
     */
    @Override
    public Integer call()
    {
        try (Interruption interruption = new Interruption())
        {
            final int status;
            try (ShmWriter<RawBinDataFormat> writer =
                channels.create(channels.requests, RequestChannels.REQUEST_LENGTH))
            {
                status = ask(writer, interruption);
            }
            println("channel of requests closed");

            return status;
        }
    }

    private int ask(final ShmWriter<RawBinDataFormat> writer, final Interruption interruption)
    {
        println("waiting for somebody who replies");
        final SignsOfLife signsOfLife = new SignsOfLife(writer);
        try (ShmReader reader =
            Opening.await(channels.reader(channels.replies), channels.waitSeconds, interruption, signsOfLife))
        {
            if (reader == null)
            {
                return interruption.isPending() ?
                    failed(ExitStatus.FAILED, "interrupted") : failed(ExitStatus.NO_CHANNEL, "nobody replies");
            }

            final OtherSide otherSide = new OtherSide(reader, signsOfLife, interruption);
            for (long number = 1; number <= count; number++)
            {
                final long first = random.nextInt(BOUND);
                final long second = random.nextInt(BOUND);
                send(writer, number, first, second);
                if (!otherSide.next())
                {
                    // A channel that was closed properly, but too early, is not what was asked for.
                    final int status = otherSide.exitStatus();
                    return failed(
                        status == ExitStatus.OK ? ExitStatus.UNREADABLE : status, otherSide.message("who replies"));
                }
                if (!isRight(reader, number, first, second))
                {
                    return failed(ExitStatus.FAILED, "wrong answer");
                }
                if (number < count)
                {
                    pause(signsOfLife, interruption);
                }
            }
            println(count + " requests, " + count + " right answers");

            return ExitStatus.OK;
        }
    }

    private void send(
        final ShmWriter<RawBinDataFormat> writer, final long number, final long first, final long second)
    {
        request.putLong(RequestChannels.NUMBER_OFFSET, number, LITTLE_ENDIAN);
        request.putLong(RequestChannels.FIRST_OFFSET, first, LITTLE_ENDIAN);
        request.putLong(RequestChannels.SECOND_OFFSET, second, LITTLE_ENDIAN);
        writer.write(request, 0, RequestChannels.REQUEST_LENGTH);
    }

    private boolean isRight(final ShmReader reader, final long number, final long first, final long second)
    {
        if (reader.length() != RequestChannels.REPLY_LENGTH)
        {
            return false;
        }
        final long replyTo =
            reader.buffer().getLong(reader.offset() + RequestChannels.NUMBER_OFFSET, LITTLE_ENDIAN);
        final long sum = reader.buffer().getLong(reader.offset() + RequestChannels.SUM_OFFSET, LITTLE_ENDIAN);
        println("request " + number + ": " + first + " + " + second + ", reply to " + replyTo + ": " + sum);

        return replyTo == number && sum == first + second;
    }

    private void pause(final SignsOfLife signsOfLife, final Interruption interruption)
    {
        final long startNs = System.nanoTime();
        while (!interruption.isPending() && System.nanoTime() - startNs < TimeUnit.MILLISECONDS.toNanos(pauseMs))
        {
            signsOfLife.give();
            LockSupport.parkNanos(IDLE_NS);
        }
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
