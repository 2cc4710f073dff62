package io.kekbit.aeron.replication;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.kekbit.aeron.replication.codecs.CopyProgressDecoder;
import io.kekbit.aeron.replication.codecs.CopyRequestDecoder;
import io.kekbit.aeron.replication.codecs.LiveJoinedDecoder;
import org.agrona.DirectBuffer;

/**
 * Reads what a target sends, which may be anything.
 */
final class RequestReader implements FragmentHandler
{
    private static final int MAX_NAME_LENGTH = 256;

    private final IncomingMessage message = new IncomingMessage();
    private final CopyRequestDecoder request = new CopyRequestDecoder();
    private final CopyProgressDecoder progress = new CopyProgressDecoder();
    private final LiveJoinedDecoder joined = new LiveJoinedDecoder();
    private CopyRequest lastRequest;
    private long progressRequestId;
    private long progressOrdinal;
    private long progressPosition;
    private boolean hasProgress;
    private long joinedRequestId;
    private long joinedLiveId;
    private boolean hasJoined;
    private String fault;

    @Override
    public void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        // A request is never long enough for two frames.
        final boolean isWhole =
            (header.flags() & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED;
        switch (isWhole ? message.wrap(buffer, offset, length) : IncomingMessage.NONE)
        {
            case CopyRequestDecoder.TEMPLATE_ID -> onRequest();
            case CopyProgressDecoder.TEMPLATE_ID -> onProgress();
            case LiveJoinedDecoder.TEMPLATE_ID -> onJoined();
            default -> fault = "no request: length=" + length + " isWhole=" + isWhole;
        }
    }

    /**
     * What was asked for since the last call.
     *
     * @return the latest request, or null.
     */
    CopyRequest takeRequest()
    {
        final CopyRequest taken = lastRequest;
        lastRequest = null;

        return taken;
    }

    /**
     * What was wrong with a message since the last call.
     *
     * @return that, or null.
     */
    String takeFault()
    {
        final String taken = fault;
        fault = null;

        return taken;
    }

    boolean takeProgress()
    {
        final boolean taken = hasProgress;
        hasProgress = false;

        return taken;
    }

    long progressRequestId()
    {
        return progressRequestId;
    }

    long progressOrdinal()
    {
        return progressOrdinal;
    }

    long progressPosition()
    {
        return progressPosition;
    }

    boolean takeJoined()
    {
        final boolean taken = hasJoined;
        hasJoined = false;

        return taken;
    }

    long joinedRequestId()
    {
        return joinedRequestId;
    }

    long joinedLiveId()
    {
        return joinedLiveId;
    }

    private void onRequest()
    {
        final int streamOffset = message.dataOffset();
        final int streamLength = message.shortData(streamOffset);
        final int targetOffset = streamOffset + Short.BYTES + streamLength;
        final int targetLength = streamLength < 0 ? -1 : message.shortData(targetOffset);
        if (targetLength < 0 || streamLength > MAX_NAME_LENGTH || targetLength > MAX_NAME_LENGTH)
        {
            fault = "request without sound names: bytes=" + message.remaining(streamOffset);
            return;
        }

        request.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        lastRequest = new CopyRequest(
            request.requestId(),
            request.kind(),
            request.channelId(),
            request.ordinal(),
            request.position(),
            request.tailChecksum(),
            request.listensLive() == 1,
            request.stream(),
            request.target());
    }

    private void onProgress()
    {
        progress.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        progressRequestId = progress.requestId();
        progressOrdinal = progress.ordinal();
        progressPosition = progress.position();
        hasProgress = true;
    }

    private void onJoined()
    {
        joined.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        joinedRequestId = joined.requestId();
        joinedLiveId = joined.liveId();
        hasJoined = true;
    }
}
