package io.kekbit.examples.request;

import io.kekbit.core.ShmReader;
import io.kekbit.examples.support.EndOfChannel;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.SignsOfLife;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Waits for what the other side says, and gives signs of life to it meanwhile.
 */
final class OtherSide
{
    private final IdleStrategy idleStrategy = new BackoffIdleStrategy();
    private final ShmReader reader;
    private final SignsOfLife signsOfLife;
    private final Interruption interruption;
    private final EndOfChannel end;

    OtherSide(final ShmReader reader, final SignsOfLife signsOfLife, final Interruption interruption)
    {
        this.reader = reader;
        this.signsOfLife = signsOfLife;
        this.interruption = interruption;
        end = new EndOfChannel(reader, SystemNanoClock.INSTANCE);
    }

    /**
     * Waits for the next record.
     *
     * @return false where none will follow, or the user does not want to wait.
     */
    boolean next()
    {
        idleStrategy.reset();
        while (!interruption.isPending())
        {
            if (reader.next())
            {
                return true;
            }
            if (end.isReached())
            {
                return false;
            }
            signsOfLife.give();
            idleStrategy.idle();
        }

        return false;
    }

    int exitStatus()
    {
        return ExitStatus.of(end.state());
    }

    String message(final String name)
    {
        return ExitStatus.message(end.state(), name, reader);
    }
}
