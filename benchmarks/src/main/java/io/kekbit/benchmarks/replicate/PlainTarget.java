package io.kekbit.benchmarks.replicate;

import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.CloseHelper;

/**
 * Receives by polling the image, behind an assembler where messages do not fit into a datagram.
 */
final class PlainTarget implements TargetSide
{
    /**
     * What fits into a datagram for certain.
     */
    private static final int WHOLE_LENGTH = 1024;

    private final HostDriver driver;
    private final AutoCloseable other;
    private final Subscription subscription;
    private final FragmentHandler adapted;
    private Image image;
    private MessageHandler handler;

    PlainTarget(final HostDriver driver, final HostOptions options, final AutoCloseable other)
    {
        this.driver = driver;
        this.other = other;
        subscription = driver.aeron().addSubscription(PlainSource.channel(options), PlainSource.STREAM_ID);
        final FragmentHandler each = (buffer, offset, length, header) -> handler.onMessage(buffer, offset, length);
        adapted = options.length <= WHOLE_LENGTH ? each : new FragmentAssembler(each);
    }

    @Override
    public int poll(final MessageHandler messageHandler, final int limit)
    {
        handler = messageHandler;
        if (image == null)
        {
            image = subscription.imageCount() > 0 ? subscription.imageAtIndex(0) : null;

            return 0;
        }

        return image.poll(adapted, limit);
    }

    @Override
    public int doWork()
    {
        return driver.doWork();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(subscription, other);
    }
}
