package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.FloorWriter;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records whose content is copied, by loops that keep everything in local variables.
 */
final class WritesInLocals
{
    private WritesInLocals()
    {
    }

    static Batch of(final Setting setting)
    {
        return Channels.isKekbit(setting.subject()) ? new Kekbit(setting) : new ByHand(setting);
    }

    private static final class Kekbit extends KekbitBatch<RawBinDataFormat>
    {
        private final UnsafeBuffer content = Batch.content();
        private final int length;

        Kekbit(final Setting setting)
        {
            super(setting, RawBinDataFormat.INSTANCE);
            length = setting.length();
        }

        @Override
        public long run()
        {
            final ShmWriter<RawBinDataFormat> writer = writer();
            final UnsafeBuffer content = this.content;
            final int length = this.length;
            for (int i = 0; i < OPERATIONS; i++)
            {
                content.putLong(0, i);
                writer.write(content, 0, length);
            }

            return writer.writeOffset();
        }
    }

    private static final class ByHand extends FloorBatch
    {
        private final UnsafeBuffer content = Batch.content();
        private final int length;

        ByHand(final Setting setting)
        {
            super(setting);
            length = setting.length();
        }

        @Override
        public long run()
        {
            final FloorWriter writer = writer();
            final UnsafeBuffer content = this.content;
            final int length = this.length;
            for (int i = 0; i < OPERATIONS; i++)
            {
                content.putLong(0, i);
                require(writer.append(content, 0, length));
            }

            return writer.slotOffset();
        }
    }
}
