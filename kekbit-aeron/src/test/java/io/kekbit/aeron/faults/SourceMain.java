package io.kekbit.aeron.faults;

import io.kekbit.aeron.replication.RefusalReason;
import io.kekbit.aeron.replication.ReplicationSource;
import io.kekbit.aeron.replication.ReplicationSourceBuilder;
import io.kekbit.aeron.replication.SourceListener;

import java.nio.file.Path;

/**
 * A source host that serves until it is killed.
 */
final class SourceMain
{
    private SourceMain()
    {
    }

    /**
     * @param args root, folder of the driver, channel of requests, channel of responses, channel of the live stream or
     *             nothing, name of the series to send there.
     */
    public static void main(final String[] args) throws Exception
    {
        Child.endWithParent();
        final ReplicationSourceBuilder builder = ReplicationSource.builder(Path.of(args[0]))
            .aeron(Hosts.aeron(args[1]))
            .requestChannel(args[2])
            .responseChannel(args[3])
            .listener(new Printer());
        if (!args[4].isEmpty())
        {
            builder.liveChannel(args[4]).liveSeries(args[5]);
        }
        try (ReplicationSource source = builder.build())
        {
            System.out.println(Hosts.UP);
            Hosts.run(source, () -> false);
        }
    }

    private static final class Printer implements SourceListener
    {
        @Override
        public void onRequest(
            final long targetId, final String name, final String stream, final long ordinal, final long position)
        {
            System.out.println("request: target=" + name + " ordinal=" + ordinal + " position=" + position);
        }

        @Override
        public void onRefused(final long targetId, final RefusalReason reason, final String details)
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
