package io.kekbit.benchmarks.replicate;

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
            return new PlainSource(driver, options);
        }

        @Override
        TargetSide target(final HostDriver driver, final HostOptions options)
        {
            return new PlainTarget(driver, options);
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
