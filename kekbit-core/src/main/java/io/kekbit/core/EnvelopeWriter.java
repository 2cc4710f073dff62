package io.kekbit.core;

import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.InvalidDescriptionException;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Objects;

/**
 * Appends to a channel with something around every payload: time stamp, sequence number, checksum, or what an
 * application adds. The handlers make up the channel's envelope, which its file tells, so that every {@link ShmReader}
 * hands over the payload alone, checked where there is a checksum.
 * <p>
 * Everything that {@link ShmWriter} says of records, slots and threads holds. The envelope counts for the length of a
 * record: a channel's {@code maxMessageLength} has to leave room for it.
 *
 * @param <D> the format of the payload.
 */
public final class EnvelopeWriter<D extends DataFormat> implements Writer<D>
{
    private final ShmWriter<D> writer;
    private final WriteHandler[] handlers;
    private final int lengthBefore;
    private final int lengthAround;
    private final UnsafeBuffer payload = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
    private final Encodable<D> enveloping = this::encodeTo;
    private Encodable<? super D> enveloped;

    private EnvelopeWriter(final ShmWriter<D> writer, final WriteHandler[] handlers)
    {
        this.writer = writer;
        this.handlers = handlers;
        lengthBefore = lengthBefore(handlers);
        lengthAround = lengthAround(handlers);
        writer.dependentView(payload);
    }

    /**
     * Create a channel with an envelope and become its writer.
     *
     * @param builder  of the writer, see {@link ShmWriter#builder}.
     * @param handlers around every payload, the outermost first; at most 8.
     * @param <D>      the format of the payload.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException as {@link ShmWriterBuilder#create()}, and where the handlers
     *                                                    are too many, or leave no room for a payload.
     */
    public static <D extends DataFormat> EnvelopeWriter<D> create(
        final ShmWriterBuilder<D> builder, final WriteHandler... handlers)
    {
        return open(builder.envelope(codes(builder, handlers)).create(), handlers);
    }

    /**
     * Take over a channel with an envelope from a writer that died. The handlers go on from its last record.
     *
     * @param builder  of the writer, see {@link ShmWriter#builder}.
     * @param handlers around every payload, the outermost first: of the same codes as when the channel was created.
     * @param <D>      the format of the payload.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException as {@link ShmWriterBuilder#resume()}, and where the handlers
     *                                                    are others than those of the channel.
     */
    public static <D extends DataFormat> EnvelopeWriter<D> resume(
        final ShmWriterBuilder<D> builder, final WriteHandler... handlers)
    {
        return open(builder.envelope(codes(builder, handlers)).resume(), handlers);
    }

    /**
     * Create a channel with an envelope, or take it over where it exists.
     *
     * @param builder  of the writer, see {@link ShmWriter#builder}.
     * @param handlers around every payload, the outermost first.
     * @param <D>      the format of the payload.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException where it can neither be created nor taken over.
     */
    public static <D extends DataFormat> EnvelopeWriter<D> createOrResume(
        final ShmWriterBuilder<D> builder, final WriteHandler... handlers)
    {
        return open(builder.envelope(codes(builder, handlers)).createOrResume(), handlers);
    }

    @Override
    public long write(final DirectBuffer buffer, final int offset, final int length)
    {
        claim(length);

        return copyAndCommit(buffer, offset, length);
    }

    @Override
    public long tryWrite(final DirectBuffer buffer, final int offset, final int length)
    {
        final long result = tryClaim(length);

        return result < 0 ? result : copyAndCommit(buffer, offset, length);
    }

    @Override
    public long write(final Encodable<? super D> encodable)
    {
        final boolean isClaimed = payload.capacity() > 0;
        enveloped = encodable;
        final long result;
        try
        {
            result = writer.write(enveloping);
        }
        finally
        {
            closePayloadUnless(isClaimed);
        }

        return published(result);
    }

    @Override
    public long tryWrite(final Encodable<? super D> encodable)
    {
        final boolean isClaimed = payload.capacity() > 0;
        enveloped = encodable;
        final long result;
        try
        {
            result = writer.tryWrite(enveloping);
        }
        finally
        {
            closePayloadUnless(isClaimed);
        }

        return published(result);
    }

    @Override
    public long claim(final int maxLength)
    {
        return claimed(writer.claim(contentLength(maxLength)));
    }

    @Override
    public long tryClaim(final int maxLength)
    {
        return claimed(writer.tryClaim(contentLength(maxLength)));
    }

    @Override
    public long claim(final int minLength, final int maxLength)
    {
        return claimed(writer.claim(contentLength(minLength), contentLength(maxLength)));
    }

    @Override
    public long tryClaim(final int minLength, final int maxLength)
    {
        return claimed(writer.tryClaim(contentLength(minLength), contentLength(maxLength)));
    }

    @Override
    public MutableDirectBuffer slot()
    {
        return payload;
    }

    @Override
    public long commit(final int length)
    {
        final boolean fits = length > 0 && length <= payload.capacity();
        final long result;
        try
        {
            if (fits)
            {
                completeSlot(length);
            }
            // Refuses a length that does not fit, and says why.
            result = writer.commit(contentLength(length));
        }
        finally
        {
            closePayload();
        }

        return published(result);
    }

    @Override
    public void abort()
    {
        writer.abort();
        closePayload();
    }

    @Override
    public long heartbeat()
    {
        return writer.heartbeat();
    }

    @Override
    public long tryHeartbeat()
    {
        return writer.tryHeartbeat();
    }

    @Override
    public void flush()
    {
        writer.flush();
    }

    @Override
    public long available()
    {
        return writer.available();
    }

    @Override
    public int longestContent()
    {
        return Math.max(0, writer.longestContent() - lengthAround);
    }

    @Override
    public long writeOffset()
    {
        return writer.writeOffset();
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
        return writer.prefaultAgent(windowLength, intervalNs);
    }

    @Override
    public void handOver()
    {
        writer.handOver();
    }

    @Override
    public void close()
    {
        // Takes the payload's view off the channel, too.
        writer.close();
    }

    @Override
    public String toString()
    {
        return "EnvelopeWriter{lengthAround=" + lengthAround + " writer=" + writer + "}";
    }

    /**
     * Load what the first record takes.
     *
     * @return a number without meaning.
     */
    int look()
    {
        return lengthBefore + handlers.length + payload.capacity();
    }

    /**
     * The writer of the channel itself.
     */
    ShmWriter<D> channel()
    {
        return writer;
    }

    /**
     * Put an envelope around the payloads of a channel that has the codes of the handlers.
     */
    static <D extends DataFormat> EnvelopeWriter<D> open(
        final ShmWriter<D> writer, final WriteHandler[] handlers)
    {
        boolean isOpen = false;
        try
        {
            int offset = writer.lastContentOffset();
            if (offset > 0)
            {
                for (final WriteHandler handler : handlers)
                {
                    handler.onResumed(writer.buffer(), offset);
                    offset += handler.incomingLength();
                }
            }
            final EnvelopeWriter<D> enveloping = new EnvelopeWriter<>(writer, handlers.clone());
            isOpen = true;

            return enveloping;
        }
        finally
        {
            if (!isOpen)
            {
                writer.abandon();
            }
        }
    }

    private static byte[] codes(final ShmWriterBuilder<?> builder, final WriteHandler[] handlers)
    {
        if (handlers.length > ExtensionDescriptor.ENVELOPE_LENGTH)
        {
            throw new InvalidDescriptionException(
                builder.file(), "handlers=" + handlers.length + " max=" + ExtensionDescriptor.ENVELOPE_LENGTH);
        }
        final byte[] codes = new byte[handlers.length];
        for (int i = 0; i < handlers.length; i++)
        {
            final WriteHandler handler = Objects.requireNonNull(handlers[i], "handler");
            if (!isAsItsCodeSays(handler))
            {
                throw new InvalidDescriptionException(
                    builder.file(),
                    "handler=" + handler.getClass().getName() + " code=" + handler.code() + " incomingLength=" +
                        handler.incomingLength() + " outgoingLength=" + handler.outgoingLength() +
                        "; an application's own has code 255");
            }
            codes[i] = (byte)handler.code();
        }

        return codes;
    }

    /**
     * Whether readers will find the payload where the handler's code makes them look for it.
     */
    private static boolean isAsItsCodeSays(final WriteHandler handler)
    {
        final int before = handler.incomingLength();
        final int behind = handler.outgoingLength();

        return switch (handler.code())
        {
            case EnvelopeDescriptor.TIMESTAMP -> before == EnvelopeDescriptor.TIMESTAMP_LENGTH && behind == 0;
            case EnvelopeDescriptor.SEQUENCE -> before == EnvelopeDescriptor.SEQUENCE_LENGTH && behind == 0;
            case EnvelopeDescriptor.CHECKSUM -> before == 0 && behind == EnvelopeDescriptor.CHECKSUM_LENGTH;
            case EnvelopeDescriptor.APPLICATION -> before >= 0 && behind >= 0;
            default -> false;
        };
    }

    private static int lengthBefore(final WriteHandler[] handlers)
    {
        int length = 0;
        for (final WriteHandler handler : handlers)
        {
            length += handler.incomingLength();
        }

        return length;
    }

    private static int lengthAround(final WriteHandler[] handlers)
    {
        int length = lengthBefore(handlers);
        for (final WriteHandler handler : handlers)
        {
            length += handler.outgoingLength();
        }

        return length;
    }

    /**
     * Where the writer's own slot was closed to, so that a stale store does as little harm as one there, whether bounds
     * are checked or not.
     */
    private void closePayload()
    {
        payload.wrap(writer.slot(), 0, 0);
    }

    /**
     * A claim that was open before the call stays open: the call was refused because of it.
     */
    private void closePayloadUnless(final boolean isClaimed)
    {
        if (!isClaimed)
        {
            closePayload();
        }
    }

    /**
     * Put the envelope around a payload, or give the claim up.
     */
    private void completeSlot(final int payloadLength)
    {
        boolean isComplete = false;
        try
        {
            runHandlers(writer.slot(), payloadLength);
            isComplete = true;
        }
        catch (final RuntimeException ex)
        {
            throw new EncodingException(writer.file(), "a write handler threw", ex);
        }
        finally
        {
            if (!isComplete)
            {
                writer.abort();
            }
        }
    }

    /**
     * The content that a payload makes: what is no length of a payload stays none.
     */
    private int contentLength(final int payloadLength)
    {
        return payloadLength < 1 ? payloadLength : (int)Math.min(Integer.MAX_VALUE, (long)payloadLength + lengthAround);
    }

    private long claimed(final long result)
    {
        if (result > 0)
        {
            final MutableDirectBuffer slot = writer.slot();
            payload.wrap(slot, lengthBefore, slot.capacity() - lengthAround);
        }

        return result;
    }

    private long copyAndCommit(final DirectBuffer buffer, final int offset, final int length)
    {
        boolean isCopied = false;
        try
        {
            payload.putBytes(0, buffer, offset, length);
            isCopied = true;
        }
        finally
        {
            if (!isCopied)
            {
                abort();
            }
        }

        return commit(length);
    }

    private int encodeTo(final D format, final MutableDirectBuffer slot, final int offset, final int maxLength)
    {
        final int maxPayload = Math.max(0, maxLength - lengthAround);
        payload.wrap(slot, Math.min(lengthBefore, maxLength), maxPayload);
        final int length = enveloped.encodeTo(format, payload, 0, maxPayload);
        if (length < 1 || length > maxPayload)
        {
            return contentLength(length);
        }
        runHandlers(slot, length);

        return length + lengthAround;
    }

    private void runHandlers(final MutableDirectBuffer slot, final int payloadLength)
    {
        final WriteHandler[] handlers = this.handlers;
        int offset = 0;
        for (final WriteHandler handler : handlers)
        {
            handler.incoming(slot, offset);
            offset += handler.incomingLength();
        }
        offset += payloadLength;
        for (int i = handlers.length - 1; i >= 0; i--)
        {
            handlers[i].outgoing(slot, offset);
            offset += handlers[i].outgoingLength();
        }
    }

    /**
     * Tell all handlers, whatever one of them does: a number that was published must not be given away again.
     */
    private long published(final long result)
    {
        Throwable failure = null;
        if (result > 0)
        {
            for (final WriteHandler handler : handlers)
            {
                try
                {
                    handler.onPublished();
                }
                catch (final Throwable ex)
                {
                    if (failure == null)
                    {
                        failure = ex;
                    }
                    else
                    {
                        failure.addSuppressed(ex);
                    }
                }
            }
        }
        if (failure != null)
        {
            // Whatever its type: a handler declares no exception.
            LangUtil.rethrowUnchecked(failure);
        }

        return result;
    }
}
