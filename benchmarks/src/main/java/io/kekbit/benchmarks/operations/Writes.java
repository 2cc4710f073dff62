package io.kekbit.benchmarks.operations;

import io.kekbit.core.RawBinDataFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records whose content is copied, each with its number in the batch in the first eight bytes.
 */
final class Writes
{
    /**
     * The loop that all subjects have, with nothing in it but the number: what the measuring itself costs.
     */
    static final String LOOP_ONLY = "loop-only";

    private Writes()
    {
    }

    static Batch of(final Setting setting)
    {
        if (LOOP_ONLY.equals(setting.subject()))
        {
            return new LoopOnly();
        }

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
            for (int i = 0; i < OPERATIONS; i++)
            {
                content.putLong(0, i);
                writer().write(content, 0, length);
            }

            return writer().writeOffset();
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
            for (int i = 0; i < OPERATIONS; i++)
            {
                content.putLong(0, i);
                require(writer().append(content, 0, length));
            }

            return writer().slotOffset();
        }
    }

    private static final class LoopOnly implements Batch
    {
        private final UnsafeBuffer content = Batch.content();

        @Override
        public void prepare()
        {
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                // With release, since all but the last of plain stores would be left out.
                content.putLongRelease(0, i);
            }

            return content.getLong(0);
        }

        @Override
        public void close()
        {
        }
    }
}
