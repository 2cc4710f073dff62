package io.kekbit.core;

/**
 * A file system on which an interrupt arrives just before the nth operation.
 */
final class InterruptingFiles extends CountedFiles
{
    private int operationsLeft;

    InterruptingFiles(final int interrupted, final boolean hasHardLinks)
    {
        super(hasHardLinks);
        operationsLeft = interrupted;
    }

    /**
     * Whether there were that many operations.
     */
    boolean hasInterrupted()
    {
        return operationsLeft <= 0;
    }

    @Override
    void before(final String operation)
    {
        if (--operationsLeft == 0)
        {
            Thread.currentThread().interrupt();
        }
    }
}
