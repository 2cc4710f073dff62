package io.kekbit.core;

import io.kekbit.core.exceptions.WriterBusyException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Shares one writer between the threads of a process. Each thread takes a {@link #handle(IdleStrategy, int) handle} of
 * its own, which is a {@link Writer} and so serves for bytes, encodables, claims and all that is built on a writer.
 * <p>
 * A call that finds another thread writing tries again a limited number of times, idling in between as its handle says,
 * and then answers {@link Writer#WAIT} or throws {@link WriterBusyException}: no thread waits for another without
 * bound. A claim keeps the other threads out until it is committed or aborted, so whoever claims sees to it that this
 * happens.
 * <p>
 * The records of one thread keep their order. This class is thread-safe; a handle belongs to one thread.
 *
 * @param <D> the format of the content.
 */
public final class ConcurrentWriter<D extends DataFormat> implements AutoCloseable
{
    private static final int CLOSE_TRIES = 1_000;

    private final AtomicBoolean isTaken = new AtomicBoolean();
    private final Writer<D> writer;

    /**
     * Share a writer, which from now on is used through handles only.
     *
     * @param writer to share; closed with this.
     */
    public ConcurrentWriter(final Writer<D> writer)
    {
        this.writer = Objects.requireNonNull(writer, "writer");
        writer.handOver();
    }

    /**
     * A writer for one thread.
     *
     * @param idleStrategy to idle with while another thread writes; used by this handle only.
     * @param maxTries     how often to try before giving up, at least 1.
     * @return the handle. Closing it does not close the shared writer, but aborts its open claim.
     */
    public Writer<D> handle(final IdleStrategy idleStrategy, final int maxTries)
    {
        if (maxTries < 1)
        {
            throw new IllegalArgumentException("maxTries=" + maxTries + " min=1");
        }

        return new Handle(Objects.requireNonNull(idleStrategy, "idleStrategy"), maxTries);
    }

    /**
     * Close the shared writer, when the thread that is writing now has finished. Later calls of any handle are
     * answered as those of a closed writer are.
     *
     * @throws io.kekbit.core.exceptions.FlushFailedException where the device did not take what was written.
     * @throws WriterBusyException                            where a thread's claim stays open for more than a second.
     */
    @Override
    public void close()
    {
        final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
        for (int tries = 1; !isTaken.compareAndSet(false, true); tries++)
        {
            if (tries == CLOSE_TRIES)
            {
                throw new WriterBusyException(ChannelPath.relative(writer.header().channelId()), tries);
            }
            idleStrategy.idle();
        }
        try
        {
            writer.close();
        }
        finally
        {
            release();
        }
    }

    private void release()
    {
        try
        {
            writer.handOver();
        }
        finally
        {
            isTaken.set(false);
        }
    }

    private final class Handle implements Writer<D>
    {
        private final IdleStrategy idleStrategy;
        private final int maxTries;
        private boolean isClaiming;
        private boolean isClosed;

        private Handle(final IdleStrategy idleStrategy, final int maxTries)
        {
            this.idleStrategy = idleStrategy;
            this.maxTries = maxTries;
        }

        @Override
        public long write(final DirectBuffer buffer, final int offset, final int length)
        {
            requireTaken();
            try
            {
                return writer.write(buffer, offset, length);
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long tryWrite(final DirectBuffer buffer, final int offset, final int length)
        {
            if (!take())
            {
                return refusal();
            }
            try
            {
                return writer.tryWrite(buffer, offset, length);
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long write(final Encodable<? super D> encodable)
        {
            requireTaken();
            try
            {
                return writer.write(encodable);
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long tryWrite(final Encodable<? super D> encodable)
        {
            if (!take())
            {
                return refusal();
            }
            try
            {
                return writer.tryWrite(encodable);
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long claim(final int maxLength)
        {
            return claim(maxLength, maxLength);
        }

        @Override
        public long tryClaim(final int maxLength)
        {
            return tryClaim(maxLength, maxLength);
        }

        @Override
        public long claim(final int minLength, final int maxLength)
        {
            requireTaken();
            long result = 0;
            try
            {
                result = writer.claim(minLength, maxLength);
            }
            finally
            {
                keepIfClaimed(result);
            }

            return result;
        }

        @Override
        public long tryClaim(final int minLength, final int maxLength)
        {
            if (!take())
            {
                return refusal();
            }
            long result = 0;
            try
            {
                result = writer.tryClaim(minLength, maxLength);
            }
            finally
            {
                keepIfClaimed(result);
            }

            return result;
        }

        @Override
        public MutableDirectBuffer slot()
        {
            if (!isClaiming)
            {
                throw new IllegalStateException("nothing is claimed by this thread. Claim a slot first.");
            }

            return writer.slot();
        }

        @Override
        public long commit(final int length)
        {
            if (!isClaiming)
            {
                throw new IllegalStateException("nothing is claimed by this thread. Claim a slot first.");
            }
            try
            {
                return writer.commit(length);
            }
            finally
            {
                isClaiming = false;
                release();
            }
        }

        @Override
        public void abort()
        {
            if (isClaiming)
            {
                try
                {
                    writer.abort();
                }
                finally
                {
                    isClaiming = false;
                    release();
                }
            }
        }

        @Override
        public long heartbeat()
        {
            requireTaken();
            try
            {
                return writer.heartbeat();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long tryHeartbeat()
        {
            if (!take())
            {
                return refusal();
            }
            try
            {
                return writer.tryHeartbeat();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public void flush()
        {
            requireTaken();
            try
            {
                writer.flush();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long available()
        {
            requireTaken();
            try
            {
                return writer.available();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public int longestContent()
        {
            requireTaken();
            try
            {
                return writer.longestContent();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public long writeOffset()
        {
            requireTaken();
            try
            {
                return writer.writeOffset();
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public Header header()
        {
            return writer.header();
        }

        @Override
        public D dataFormat()
        {
            return writer.dataFormat();
        }

        @Override
        public Agent prefaultAgent(final int windowLength, final long intervalNs)
        {
            requireTaken();
            try
            {
                return writer.prefaultAgent(windowLength, intervalNs);
            }
            finally
            {
                releaseUnlessClaiming();
            }
        }

        @Override
        public void handOver()
        {
            // Whoever uses the handle next may: the shared writer is handed over after every call anyway.
        }

        @Override
        public void close()
        {
            abort();
            isClosed = true;
        }

        private long refusal()
        {
            return isClosed ? CLOSED : WAIT;
        }

        private void requireTaken()
        {
            if (!take())
            {
                final Path file = ChannelPath.relative(writer.header().channelId());
                throw isClosed ? new WriterClosedException(file) : new WriterBusyException(file, maxTries);
            }
        }

        /**
         * Become the thread that writes, or stay it while a claim is open: the writer then says what is wrong.
         */
        private boolean take()
        {
            if (isClaiming)
            {
                return true;
            }
            if (isClosed)
            {
                return false;
            }

            idleStrategy.reset();
            for (int tries = maxTries; !isTaken.compareAndSet(false, true);)
            {
                if (--tries <= 0)
                {
                    return false;
                }
                idleStrategy.idle();
            }

            return true;
        }

        private void keepIfClaimed(final long result)
        {
            if (result > 0)
            {
                isClaiming = true;
            }
            else if (!isClaiming)
            {
                try
                {
                    // Nothing is claimed unless the claim threw half-way.
                    writer.abort();
                }
                finally
                {
                    release();
                }
            }
        }

        private void releaseUnlessClaiming()
        {
            if (!isClaiming)
            {
                release();
            }
        }
    }
}
