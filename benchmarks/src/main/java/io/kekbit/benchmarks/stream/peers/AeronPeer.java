package io.kekbit.benchmarks.stream.peers;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NoOpIdleStrategy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Aeron over IPC. The media driver is embedded in the first process.
 * <ul>
 * <li>An exclusive publication that offers, the poll of the image itself, and {@link ThreadingMode#SHARED} are what
 * Aeron's own sample {@code EmbeddedExclusiveIpcThroughput} uses. Over IPC the driver moves the limit of the sender on
 * and cleans what was read; its parts for the network have nothing to do, so that one thread for all of them is enough
 * and takes the least.</li>
 * <li>The sample lets that thread spin ({@link NoOpIdleStrategy}). That needs a processor of its own beside those of
 * sender and receiver. With fewer than {@value #PROCESSORS_TO_SPIN} processors it would take turns with the two, so
 * there it has the driver's default, which backs off to parking for up to a millisecond; a term is long enough for
 * that.</li>
 * <li>{@code termBufferSparseFile(false)} and {@code preTouchMappedMemory(true)} are the settings that the
 * documentation of its configuration has against page faults.</li>
 * <li>The settings for speed that come with its driver, {@code aeron-ipc.properties} and
 * {@code low-latency.properties}, switch Agrona's bounds checks off. So do the flags of the JVMs that measure it, of
 * both processes, while others keep theirs.</li>
 * <li>Liveness timeouts are long, so that no client is taken for dead while processors are busy. They are not on the
 * way of a message.</li>
 * <li>Publications stay open until the end. The driver unmaps and deletes the buffers of a closed one about a second
 * later, in the thread that moves the limit of the sender on, and so while the next one is measured.</li>
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
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(aeronFolder)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED)
            .termBufferSparseFile(false)
            .ipcTermBufferLength(TERM_LENGTH)
            .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS))
            .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(2 * TIMEOUT_MS))
            .driverTimeoutMs(TIMEOUT_MS)
            .warnIfDirectoryExists(false);
        if (Runtime.getRuntime().availableProcessors() >= PROCESSORS_TO_SPIN)
        {
            context.sharedIdleStrategy(new NoOpIdleStrategy());
        }

        return MediaDriver.launch(context);
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        return new AeronSender(aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, channel));
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final Subscription subscription = aeron.addSubscription(CommonContext.IPC_CHANNEL, channel);
        awaitImage(subscription);
        final FragmentHandler adapted = (buffer, offset, bytes, header) ->
            handler.onMessage(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES), bytes);

        final Image image = subscription.imageAtIndex(0);

        return (limit) -> image.poll(adapted, limit);
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
        // All of them are closed with the client.
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
