package io.kekbit.benchmarks.stream.peers;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Aeron over IPC: an exclusive publication that offers, and a subscription that polls with a limit of its caller. The
 * media driver is embedded in the first process.
 * <ul>
 * <li>Exclusive publication, {@link ThreadingMode#SHARED} and {@code offer} are those of Aeron's own sample
 * {@code EmbeddedExclusiveIpcThroughput}. One thread for all of the driver is also what its best practices guide
 * recommends where processors are few.</li>
 * <li>The sample lets that thread spin. That needs a processor of its own beside those of sender and receiver; with
 * fewer than {@value #PROCESSORS_TO_SPIN} processors it would take turns with the two, so there the driver's default
 * strategy is used, which backs off to parking a thread for up to a millisecond. A term is long enough for
 * that.</li>
 * <li>{@code termBufferSparseFile(false)} and {@code preTouchMappedMemory(true)} are the settings that its
 * configuration options name against page faults.</li>
 * <li>Liveness timeouts are long, so that no client is taken for dead while processors are busy. They do not touch the
 * way of a message.</li>
 * </ul>
 */
final class AeronPeer implements Peer
{
    private static final int PROCESSORS_TO_SPIN = 4;
    private static final int TERM_LENGTH = 64 * 1024 * 1024;
    private static final long TIMEOUT_MS = 60_000;
    private static final long CONNECT_TIMEOUT_MS = 10_000;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Map<Integer, ExclusivePublication> publications = new ConcurrentHashMap<>();
    private final Map<Integer, Subscription> subscriptions = new ConcurrentHashMap<>();

    AeronPeer(final Path folder, final boolean isFirst)
    {
        final String aeronFolder = folder.resolve("aeron").toString();
        driver = isFirst ? launchDriver(aeronFolder) : null;
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(aeronFolder)
            .driverTimeoutMs(TIMEOUT_MS)
            .preTouchMappedMemory(true));
    }

    private static MediaDriver launchDriver(final String aeronFolder)
    {
        return MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(aeronFolder)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(driverIdleStrategy())
            .termBufferSparseFile(false)
            .ipcTermBufferLength(TERM_LENGTH)
            .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS))
            .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(2 * TIMEOUT_MS))
            .driverTimeoutMs(TIMEOUT_MS)
            .warnIfDirectoryExists(false));
    }

    private static IdleStrategy driverIdleStrategy()
    {
        final boolean hasProcessor = Runtime.getRuntime().availableProcessors() >= PROCESSORS_TO_SPIN;

        return hasProcessor ? new NoOpIdleStrategy() : new BackoffIdleStrategy();
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        final ExclusivePublication publication = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, channel);
        publications.put(channel, publication);

        return new AeronSender(publication);
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final Subscription subscription = aeron.addSubscription(CommonContext.IPC_CHANNEL, channel);
        subscriptions.put(channel, subscription);
        awaitImage(subscription);
        final FragmentHandler adapted = (buffer, offset, bytes, header) ->
            handler.onMessage(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES), bytes);

        return (limit) -> subscription.poll(adapted, limit);
    }

    private static void awaitImage(final Subscription subscription)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECT_TIMEOUT_MS);
        while (!subscription.isConnected())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("no sender: streamId=" + subscription.streamId());
            }
            Thread.yield();
        }
    }

    @Override
    public boolean isBounded()
    {
        return true;
    }

    @Override
    public void release(final int channel)
    {
        CloseHelper.close(subscriptions.remove(channel));
        CloseHelper.close(publications.remove(channel));
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }

    private static final class AeronSender implements Sender
    {
        private final ExclusivePublication publication;

        AeronSender(final ExclusivePublication publication)
        {
            this.publication = publication;
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            final long position = publication.offer(source, offset, length);
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
        public boolean isConnected()
        {
            return publication.isConnected();
        }
    }
}
