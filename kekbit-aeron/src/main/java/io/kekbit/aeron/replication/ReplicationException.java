package io.kekbit.aeron.replication;

import org.agrona.concurrent.AgentTerminationException;

import java.util.Objects;

/**
 * A copy does not go on, and somebody has to look at it. It ends the {@link org.agrona.concurrent.AgentRunner} that the
 * agent is run by.
 */
public final class ReplicationException extends AgentTerminationException
{
    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;

    /**
     * For kekbit's own use.
     *
     * @param reason  why it does not go on.
     * @param details in words and figures.
     * @param cause   what was thrown, or null.
     */
    public ReplicationException(final RefusalReason reason, final String details, final Throwable cause)
    {
        super("replication stopped: reason=" + Objects.requireNonNull(reason, "reason") + " " + details, cause);
        this.reason = reason;
    }

    /**
     * Why it does not go on.
     *
     * @return the reason.
     */
    public RefusalReason reason()
    {
        return reason;
    }
}
