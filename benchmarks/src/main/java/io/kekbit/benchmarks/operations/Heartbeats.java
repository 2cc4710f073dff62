package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * Heartbeats. Beside the two words in the record area, which are all that is done by hand, kekbit reads the clock and
 * stores the time and the position for those who look at the channel from outside.
 */
final class Heartbeats
{
    private static final int NO_CONTENT = 0;

    private Heartbeats()
    {
    }

    static Batch of(final Setting setting)
    {
        final Setting contentless = setting.withLength(NO_CONTENT);

        return Channels.isKekbit(setting.subject()) ? new Kekbit(contentless) : new ByHand(contentless);
    }

    private static final class Kekbit extends KekbitBatch<RawBinDataFormat>
    {
        Kekbit(final Setting setting)
        {
            super(setting, RawBinDataFormat.INSTANCE);
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                writer().heartbeat();
            }

            return writer().writeOffset();
        }
    }

    private static final class ByHand extends FloorBatch
    {
        private UnsafeBuffer buffer;
        private int end;
        private int position;

        ByHand(final Setting setting)
        {
            super(setting);
        }

        @Override
        void onChannel(final FloorChannel channel)
        {
            buffer = channel.buffer();
            end = channel.capacity() - RecordDescriptor.RESERVED_LENGTH;
            position = 0;
        }

        @Override
        public long run()
        {
            final UnsafeBuffer buffer = this.buffer;
            int position = this.position;
            for (int i = 0; i < OPERATIONS; i++)
            {
                final int next = position + LENGTH_WORD_LENGTH;
                require(next <= end);
                buffer.putLongRelease(RECORD_AREA_OFFSET + next, RecordDescriptor.WATERMARK);
                buffer.putLongRelease(RECORD_AREA_OFFSET + position, RecordDescriptor.HEARTBEAT);
                position = next;
            }
            this.position = position;

            return position;
        }
    }
}
