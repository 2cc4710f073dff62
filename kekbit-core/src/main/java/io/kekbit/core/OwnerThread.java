package io.kekbit.core;

/**
 * The thread that uses a writer, for assertions: the first that does, until it leaves or dies.
 */
final class OwnerThread
{
    private Thread owner;

    /**
     * Whether the caller is the owner, or just became it.
     */
    boolean isCurrent()
    {
        final Thread current = Thread.currentThread();
        if (owner != current && (owner == null || !owner.isAlive()))
        {
            owner = current;
        }

        return owner == current;
    }

    /**
     * Let any other thread be the next owner.
     */
    void leave()
    {
        owner = null;
    }
}
