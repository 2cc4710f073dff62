package io.kekbit.benchmarks.operations;

import io.kekbit.core.RawBinDataFormat;
import org.agrona.MutableDirectBuffer;

/**
 * Records that are put together in the slot, word by word: a number, and filler up to the length.
 */
final class Claims
{
    static final long FILLER = 0x0807_0605_0403_0201L;

    private Claims()
    {
    }

    static Batch of(final Setting setting)
    {
        return Channels.isKekbit(setting.subject()) ? new Kekbit(setting) : new ByHand(setting);
    }

    static void fill(final MutableDirectBuffer slot, final int offset, final int length, final long number)
    {
        slot.putLong(offset, number);
        for (int i = Long.BYTES; i < length; i += Long.BYTES)
        {
            slot.putLong(offset + i, FILLER);
        }
    }

    private static final class Kekbit extends KekbitBatch<RawBinDataFormat>
    {
        private final int length;

        Kekbit(final Setting setting)
        {
            super(setting, RawBinDataFormat.INSTANCE);
            length = setting.length();
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                FloorBatch.require(writer().tryClaim(length) > 0);
                fill(writer().slot(), 0, length, i);
                writer().commit(length);
            }

            return writer().writeOffset();
        }
    }

    private static final class ByHand extends FloorBatch
    {
        private final int length;

        ByHand(final Setting setting)
        {
            super(setting);
            length = setting.length();
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                require(writer().claim(length));
                fill(writer().slot(), writer().slotOffset(), length, i);
                writer().commit(length);
            }

            return writer().slotOffset();
        }
    }
}
