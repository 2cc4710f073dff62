package io.kekbit.benchmarks.replicate;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;

/**
 * What carries the messages from host to host.
 */
enum Subject
{
    /**
     * An Aeron publication over UDP, and nothing else.
     */
    PLAIN("plain Aeron UDP")
    {
        @Override
        SourceSide source(final HostDriver driver, final HostOptions options)
        {
            return new PlainSource(driver, options, () -> {});
        }

        @Override
        TargetSide target(final HostDriver driver, final HostOptions options)
        {
            return new PlainTarget(driver, options, () -> {});
        }
    },

    /**
     * The same, with a stream the other way on which nothing is sent, as replication has for its requests: each driver
     * has one more socket to look at.
     */
    PLAIN_BOTH_WAYS("the same, an idle stream back")
    {
        @Override
        SourceSide source(final HostDriver driver, final HostOptions options)
        {
            final Subscription back = driver.aeron().addSubscription(back(options), PlainSource.STREAM_ID);

            return new PlainSource(driver, options, back);
        }

        @Override
        TargetSide target(final HostDriver driver, final HostOptions options)
        {
            final ExclusivePublication back =
                driver.aeron().addExclusivePublication(back(options), PlainSource.STREAM_ID);

            return new PlainTarget(driver, options, back);
        }

        private static String back(final HostOptions options)
        {
            return "aeron:udp?endpoint=localhost:" + (options.port + 1);
        }
    },

    /**
     * A channel, copied by a source and a target, and read from the copy.
     */
    KEKBIT("kekbit: written, copied, read")
    {
        @Override
        SourceSide source(final HostDriver driver, final HostOptions options)
        {
            return new KekbitSource(driver, options);
        }

        @Override
        TargetSide target(final HostDriver driver, final HostOptions options)
        {
            return new KekbitTarget(driver, options);
        }
    };

    private final String label;

    Subject(final String label)
    {
        this.label = label;
    }

    /**
     * What people call it.
     */
    String label()
    {
        return label;
    }

    abstract SourceSide source(HostDriver driver, HostOptions options);

    abstract TargetSide target(HostDriver driver, HostOptions options);
}
