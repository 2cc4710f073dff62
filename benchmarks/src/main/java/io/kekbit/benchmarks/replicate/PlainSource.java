package io.kekbit.benchmarks.replicate;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * Sends by an exclusive publication: claimed in place where a message fits into a datagram, offered otherwise.
 */
final class PlainSource implements SourceSide
{
    static final int STREAM_ID = 1;

    private final HostDriver driver;
    private final AutoCloseable other;
    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();

    PlainSource(final HostDriver driver, final HostOptions options, final AutoCloseable other)
    {
        this.driver = driver;
        this.other = other;
        publication = driver.aeron().addExclusivePublication(channel(options), STREAM_ID);
    }

    static String channel(final HostOptions options)
    {
        return "aeron:udp?endpoint=localhost:" + options.port;
    }

    @Override
    public boolean isConnected()
    {
        return publication.isConnected();
    }

    @Override
    public boolean trySend(final DirectBuffer source, final int offset, final int length)
    {
        final long position;
        if (length <= publication.maxPayloadLength())
        {
            position = publication.tryClaim(length, claim);
            if (position > 0)
            {
                claim.buffer().putBytes(claim.offset(), source, offset, length);
                claim.commit();
            }
        }
        else
        {
            position = publication.offer(source, offset, length);
        }
        if (position > 0)
        {
            return true;
        }
        if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION)
        {
            return false;
        }
        throw new IllegalStateException("cannot send: result=" + Publication.errorString(position));
    }

    @Override
    public int doWork()
    {
        return driver.doWork();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(publication, other);
    }
}
