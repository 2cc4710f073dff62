package io.kekbit.benchmarks.operations;

import io.kekbit.core.ShmReader;

/**
 * Reads one of kekbit's channels over and over.
 */
abstract class ReadBatch implements Batch
{
    private final ShmReader reader;
    private final int batches;
    private int batchesLeft;

    ReadBatch(final Setting setting, final ShmReader reader)
    {
        this.reader = reader;
        batches = setting.batches();
        batchesLeft = batches;
    }

    @Override
    public final void prepare()
    {
        if (batchesLeft == 0)
        {
            reader.moveTo(0);
            batchesLeft = batches;
        }
        batchesLeft--;
    }

    final ShmReader reader()
    {
        return reader;
    }

    @Override
    public final void close()
    {
        reader.close();
    }
}
