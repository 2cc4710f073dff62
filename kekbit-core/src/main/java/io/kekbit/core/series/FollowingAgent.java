package io.kekbit.core.series;

import org.agrona.concurrent.Agent;

/**
 * An agent that touches the pages of whatever channel of a series is in use. The one that it stands for ends with its
 * channel.
 */
final class FollowingAgent implements Agent
{
    private final String roleName;
    private final int windowLength;
    private final long intervalNs;
    private volatile Agent current;

    FollowingAgent(final String roleName, final int windowLength, final long intervalNs)
    {
        this.roleName = roleName;
        this.windowLength = windowLength;
        this.intervalNs = intervalNs;
    }

    int windowLength()
    {
        return windowLength;
    }

    long intervalNs()
    {
        return intervalNs;
    }

    /**
     * Work for another channel from now on.
     */
    void follow(final Agent agent)
    {
        current = agent;
    }

    @Override
    public int doWork() throws Exception
    {
        return current.doWork();
    }

    @Override
    public String roleName()
    {
        return roleName;
    }
}
