package io.kekbit.benchmarks.operations;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Encodable;
import io.kekbit.core.RawBinDataFormat;
import org.agrona.MutableDirectBuffer;

/**
 * Records that an object encodes into the slot. Its yardstick by hand is {@link Claims}, which puts the same content
 * there without asking an object.
 */
final class Encodables
{
    private Encodables()
    {
    }

    static Batch of(final Setting setting)
    {
        return Channels.isKekbit(setting.subject()) ? new Kekbit(setting) : Claims.of(setting);
    }

    private static final class Kekbit extends KekbitBatch<RawBinDataFormat>
    {
        private final Numbered numbered;

        Kekbit(final Setting setting)
        {
            super(setting, RawBinDataFormat.INSTANCE);
            numbered = new Numbered(setting.length());
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                writer().write(numbered);
            }

            return writer().writeOffset();
        }
    }

    /**
     * A number that counts up each time, and filler.
     */
    static final class Numbered implements Encodable<DataFormat>
    {
        private final int length;
        private long number;

        Numbered(final int length)
        {
            this.length = length;
        }

        @Override
        public int encodeTo(
            final DataFormat format, final MutableDirectBuffer slot, final int offset, final int maxLength)
        {
            Claims.fill(slot, offset, length, number++);

            return length;
        }
    }
}
