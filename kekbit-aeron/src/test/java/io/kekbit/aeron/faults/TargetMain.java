package io.kekbit.aeron.faults;

import io.kekbit.aeron.replication.RefusalReason;
import io.kekbit.aeron.replication.ReplicationTarget;
import io.kekbit.aeron.replication.ReplicationTargetBuilder;
import io.kekbit.aeron.replication.TargetListener;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A target host. It ends when its copy is complete, which that of a series never is.
 */
final class TargetMain
{
    static final String COPYING = "copying ";
    static final String COMPLETE = "complete ";
    static final String LIVE = "live ";
    static final String DISCONTINUITY = "discontinuity ";

    private TargetMain()
    {
    }

    /**
     * @param args root, folder of the driver, channel of requests, channel of responses, and the id of the channel or
     *             the name of the series, and the channel of the live stream or nothing.
     */
    public static void main(final String[] args) throws Exception
    {
        Child.endWithParent();
        final ReplicationTargetBuilder builder = ReplicationTarget.builder(Path.of(args[0]))
            .aeron(Hosts.aeron(args[1]))
            .requestChannel(args[2])
            .responseChannel(args[3])
            .retryInterval(Duration.ofMillis(200))
            .maxRetryInterval(Duration.ofSeconds(1))
            .name("target-" + ProcessHandle.current().pid())
            .listener(new Printer());
        if (args[4].matches("\\d+"))
        {
            builder.channel(Long.parseLong(args[4]));
        }
        else
        {
            builder.series(args[4]);
        }
        if (!args[5].isEmpty())
        {
            builder.liveChannel(args[5]);
        }
        try (ReplicationTarget target = builder.build())
        {
            System.out.println(Hosts.UP);
            Hosts.run(target, target::isComplete);
            System.out.println(COMPLETE + "position=" + target.position() + " records=" + target.recordCount());
        }
        System.exit(0);
    }

    private static final class Printer implements TargetListener
    {
        @Override
        public void onCopying(final Path file, final long ordinal, final long position)
        {
            System.out.println(COPYING + "ordinal=" + ordinal + " position=" + position);
        }

        @Override
        public void onLive(final long ordinal, final long position)
        {
            System.out.println(LIVE + "ordinal=" + ordinal + " position=" + position);
        }

        @Override
        public void onLiveLost(final String why)
        {
            System.out.println("live lost: " + why);
        }

        @Override
        public void onSourceLost(final String why)
        {
            System.out.println("source lost: " + why);
        }

        @Override
        public void onDiscontinuity(final long expected, final long actual)
        {
            System.out.println(DISCONTINUITY + "expected=" + expected + " actual=" + actual);
        }

        @Override
        public void onRefused(final RefusalReason reason, final String details)
        {
            System.out.println("refused: " + reason + " " + details);
        }

        @Override
        public void onDriverLost(final Throwable cause)
        {
            System.out.println("driver lost: " + cause);
        }

        @Override
        public void onError(final Throwable failure)
        {
            System.out.println("error: " + failure);
        }
    }
}
