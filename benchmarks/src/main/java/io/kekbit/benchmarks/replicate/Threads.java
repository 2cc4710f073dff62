package io.kekbit.benchmarks.replicate;

/**
 * Which threads a host has.
 */
enum Threads
{
    /**
     * One for all: what the application does, the agent and the media driver take turns. Two hosts need two processors,
     * and no thread ever waits for the operating system to run another.
     */
    ONE,

    /**
     * One for each: the application, the agent, and the media driver ({@code SHARED}), the latter two with a back-off.
     */
    EACH;

    private static final boolean IS_SPINNING = Runtime.getRuntime().availableProcessors() > 4;

    /**
     * What the application does when a turn is over: it goes on at once where it is to do the others' work, and spins
     * or lets others run where it waits for them.
     *
     * @param work that was done.
     */
    void idle(final int work)
    {
        if (this == EACH && work == 0)
        {
            if (IS_SPINNING)
            {
                Thread.onSpinWait();
            }
            else
            {
                Thread.yield();
            }
        }
    }
}
