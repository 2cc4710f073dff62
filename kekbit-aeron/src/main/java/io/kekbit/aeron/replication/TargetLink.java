package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.kekbit.aeron.replication.codecs.CopyProgressEncoder;
import io.kekbit.aeron.replication.codecs.CopyRequestEncoder;
import io.kekbit.aeron.replication.codecs.LiveJoinedEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import org.agrona.CloseHelper;
import org.agrona.ExpandableArrayBuffer;

import java.util.function.Consumer;

/**
 * A target's connection to its source: a subscription to the response channel, and a publication of requests that names
 * it. Both are made anew for each attempt, since a response channel serves one connection only.
 */
final class TargetLink
{
    private final ChannelUri requestChannel;
    private final int requestStreamId;
    private final String responseChannel;
    private final int responseStreamId;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final CopyRequestEncoder request = new CopyRequestEncoder();
    private final CopyProgressEncoder progress = new CopyProgressEncoder();
    private final LiveJoinedEncoder joined = new LiveJoinedEncoder();

    private final Consumer<Image> take = (available) -> image = available;

    private Aeron aeron;
    private long subscriptionId;
    private long publicationId;
    private Subscription responses;
    private ExclusivePublication requests;
    private Image image;

    TargetLink(
        final String requestChannel,
        final int requestStreamId,
        final String responseChannel,
        final int responseStreamId)
    {
        this.requestChannel = ChannelUri.parse(requestChannel);
        this.requestStreamId = requestStreamId;
        final ChannelUri response = ChannelUri.parse(responseChannel);
        response.put(CommonContext.MDC_CONTROL_MODE_PARAM_NAME, CommonContext.CONTROL_MODE_RESPONSE);
        this.responseChannel = response.toString();
        this.responseStreamId = responseStreamId;
    }

    boolean isOpen()
    {
        return aeron != null;
    }

    /**
     * Begin an attempt to connect.
     */
    void open(final Aeron client)
    {
        aeron = client;
        publicationId = Aeron.NULL_VALUE;
        subscriptionId = Aeron.NULL_VALUE;
        subscriptionId = client.asyncAddSubscription(responseChannel, responseStreamId);
        requestChannel.put(CommonContext.RESPONSE_CORRELATION_ID_PARAM_NAME, Long.toString(subscriptionId));
        publicationId = client.asyncAddExclusivePublication(requestChannel.toString(), requestStreamId);
    }

    /**
     * Whether requests can be sent: a source is there.
     */
    boolean isConnected()
    {
        if (responses == null)
        {
            responses = aeron.getSubscription(subscriptionId);
        }
        if (requests == null)
        {
            requests = aeron.getExclusivePublication(publicationId);
        }

        return responses != null && requests != null && requests.isConnected();
    }

    /**
     * What the source sends.
     *
     * @return it, or null where it has not begun.
     */
    Image image()
    {
        if (image == null && responses != null)
        {
            responses.forEachImage(take);
        }

        return image;
    }

    /**
     * Send a request.
     *
     * @return what Aeron answers, negative where it was not sent.
     */
    long send(final CopyRequest asked)
    {
        request.wrapAndApplyHeader(buffer, 0, header)
            .requestId(asked.requestId())
            .ordinal(asked.ordinal())
            .position(asked.position())
            .channelId(asked.channelId())
            .tailChecksum(asked.tailChecksum())
            .kind(asked.kind())
            .listensLive((short)(asked.listensLive() ? 1 : 0))
            .stream(asked.stream())
            .target(asked.target());

        return requests.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength());
    }

    /**
     * Tell where the copy is.
     *
     * @return what Aeron answers, negative where it was not sent.
     */
    long sendProgress(final long requestId, final long ordinal, final long position)
    {
        progress.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).ordinal(ordinal).position(position);

        return requests.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + progress.encodedLength());
    }

    /**
     * Tell that the copy follows a live stream.
     *
     * @return what Aeron answers, negative where it was not sent.
     */
    long sendJoined(final long requestId, final long liveId)
    {
        joined.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).liveId(liveId);

        return requests.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + joined.encodedLength());
    }

    void close()
    {
        if (aeron != null && !aeron.isClosed())
        {
            if (requests == null && publicationId != Aeron.NULL_VALUE)
            {
                aeron.asyncRemovePublication(publicationId);
            }
            if (responses == null && subscriptionId != Aeron.NULL_VALUE)
            {
                aeron.asyncRemoveSubscription(subscriptionId);
            }
        }
        CloseHelper.quietCloseAll(requests, responses);
        aeron = null;
        requests = null;
        responses = null;
        image = null;
    }
}
