package io.kekbit.sbe;

import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

import java.nio.file.Path;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;

/**
 * Appends SBE messages, each encoded in place: the generated encoder stands on the channel itself, and nothing is
 * copied or allocated.
 * <pre>
 * SbeWriter sbe = new SbeWriter(writer);
 * TradeEncoder trade = new TradeEncoder();
 *
 * sbe.write(trade, tick, Publisher::fill);               // static void fill(TradeEncoder trade, Tick tick)
 *
 * SbeClaim&lt;TradeEncoder&gt; trades = sbe.claimFor(trade);   // once
 * try (SbeClaim&lt;TradeEncoder&gt; claim = trades.claim())
 * {
 *     claim.encoder().sendingTime(now).tradeId(id);
 *     claim.commit();                                    // without this, nothing is published
 * }
 * </pre>
 * How much is claimed for a message follows from its schema: of a message without groups and var data the exact length,
 * of others the greatest that the schema, the channel's header and the room left allow. A message that is longer than
 * its slot is not published. The methods that are told a {@code maxLength} claim just that, which {@link
 * SbeDataFormat#maxLength(int, int...)} helps to compute.
 * <p>
 * Overruns are found by Agrona's bounds checks. With {@code agrona.disable.bounds.checks} set, an encoder that runs
 * past its slot damages what lies behind it before that is noticed.
 * <p>
 * Belongs to the thread that the writer belongs to. Closing the writer is the caller's affair.
 */
public final class SbeWriter
{
    private final Writer<? extends SbeDataFormat> writer;
    private final SbeDataFormat format;
    private final MessageHeaderLayout header;
    private final int headerLength;
    private final int schemaId;
    private final int schemaVersion;
    private final int maxRecordLength;

    /**
     * Write messages to a channel.
     *
     * @param writer of the channel.
     */
    public SbeWriter(final Writer<? extends SbeDataFormat> writer)
    {
        this.writer = writer;
        format = writer.dataFormat();
        header = format.headerLayout();
        headerLength = header.length();
        schemaId = format.schemaId();
        schemaVersion = format.schemaVersion();
        maxRecordLength = writer.header().maxRecordLength();
    }

    /**
     * Append a message.
     *
     * @param encoder of the message. It is wrapped on the slot, behind the message header, which is written.
     * @param context handed to {@code fill}.
     * @param fill    sets the fields; a static method.
     * @param <E>     the message's generated encoder.
     * @param <C>     what the message is made from.
     * @return the bytes the record takes in the channel.
     * @throws WriteException           where there is no room, the message turned out longer than its slot, {@code
     *                                  fill} threw, or the writer is closed; nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it.
     */
    public <E extends MessageEncoderFlyweight, C> long write(
        final E encoder, final C context, final SbeFill<? super E, ? super C> fill)
    {
        final int maxLength = maxLength(encoder);
        final int slotLength = fittingLength(encoder, maxLength);
        writer.claim(slotLength);

        return encode(encoder, slotLength, maxLength, context, fill);
    }

    /**
     * Append a message, if there is room.
     *
     * @param encoder of the message. It is wrapped on the slot, behind the message header, which is written.
     * @param context handed to {@code fill}.
     * @param fill    sets the fields; a static method. Not called where there is no room for the root block.
     * @param <E>     the message's generated encoder.
     * @param <C>     what the message is made from.
     * @return the bytes the record takes in the channel, or {@link Writer#CHANNEL_FULL}, {@link Writer#NO_SPACE},
     * {@link Writer#TOO_LONG} or {@link Writer#CLOSED}.
     * @throws EncodingException        where the message turned out longer than its slot, though the end of the channel
     *                                  did not shorten it, or {@code fill} threw; nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it.
     */
    public <E extends MessageEncoderFlyweight, C> long tryWrite(
        final E encoder, final C context, final SbeFill<? super E, ? super C> fill)
    {
        final int maxLength = maxLength(encoder);
        final int slotLength = fittingLength(encoder, maxLength);
        final long claimed = writer.tryClaim(slotLength);
        if (claimed < 0)
        {
            return claimed;
        }

        try
        {
            return encode(encoder, slotLength, maxLength, context, fill);
        }
        catch (final NoSpaceForRecordException ex)
        {
            return Writer.NO_SPACE;
        }
    }

    /**
     * Append a message of which the greatest length is known.
     *
     * @param encoder   of the message. It is wrapped on the slot, behind the message header, which is written.
     * @param maxLength the most bytes that the message takes, its header included.
     * @param context   handed to {@code fill}.
     * @param fill      sets the fields; a static method. Not called where there is no room for {@code maxLength}.
     * @param <E>       the message's generated encoder.
     * @param <C>       what the message is made from.
     * @return the bytes the record takes in the channel.
     * @throws WriteException           where there is no room, the message turned out longer than its slot, {@code
     *                                  fill} threw, or the writer is closed; nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it;
     *                                  or where {@code maxLength} is less than every such message takes.
     */
    public <E extends MessageEncoderFlyweight, C> long write(
        final E encoder, final int maxLength, final C context, final SbeFill<? super E, ? super C> fill)
    {
        requireLength(encoder, maxLength);
        writer.claim(maxLength);

        return encode(encoder, maxLength, maxLength, context, fill);
    }

    /**
     * Append a message of which the greatest length is known, if there is room.
     *
     * @param encoder   of the message. It is wrapped on the slot, behind the message header, which is written.
     * @param maxLength the most bytes that the message takes, its header included.
     * @param context   handed to {@code fill}.
     * @param fill      sets the fields; a static method. Not called where there is no room for {@code maxLength}.
     * @param <E>       the message's generated encoder.
     * @param <C>       what the message is made from.
     * @return the bytes the record takes in the channel, or {@link Writer#CHANNEL_FULL}, {@link Writer#NO_SPACE},
     * {@link Writer#TOO_LONG} or {@link Writer#CLOSED}.
     * @throws EncodingException        where the message turned out longer than its slot, or {@code fill} threw;
     *                                  nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it;
     *                                  or where {@code maxLength} is less than every such message takes.
     */
    public <E extends MessageEncoderFlyweight, C> long tryWrite(
        final E encoder, final int maxLength, final C context, final SbeFill<? super E, ? super C> fill)
    {
        requireLength(encoder, maxLength);
        final long claimed = writer.tryClaim(maxLength);

        return claimed < 0 ? claimed : encode(encoder, maxLength, maxLength, context, fill);
    }

    /**
     * Append a message that generated code without interfaces encodes, or anything else that knows how: nothing of it
     * is checked but its length. The same as {@link Writer#claim(int)} and {@link Writer#commit(int)} around the call,
     * with {@link Writer#abort()} where it fails.
     *
     * @param maxLength the most bytes that the message takes, its header included.
     * @param context   handed to {@code fill}.
     * @param fill      writes the message header and the message; a static method.
     * @param <C>       what the message is made from.
     * @return the bytes the record takes in the channel.
     * @throws WriteException where there is no room, {@code fill} threw or answered a length that is not from 1 to
     *                        {@code maxLength}, or the writer is closed; nothing is published.
     */
    public <C> long writeSlot(final int maxLength, final C context, final SlotFill<? super C> fill)
    {
        writer.claim(maxLength);

        return encodeSlot(maxLength, context, fill);
    }

    /**
     * As {@link #writeSlot(int, Object, SlotFill)}, if there is room.
     *
     * @param maxLength the most bytes that the message takes, its header included.
     * @param context   handed to {@code fill}.
     * @param fill      writes the message header and the message; a static method.
     * @param <C>       what the message is made from.
     * @return the bytes the record takes in the channel, or {@link Writer#CHANNEL_FULL}, {@link Writer#NO_SPACE},
     * {@link Writer#TOO_LONG}, {@link Writer#EMPTY} or {@link Writer#CLOSED}.
     * @throws WriteException where {@code fill} threw or answered a length that is not from 1 to {@code maxLength};
     *                        nothing is published.
     */
    public <C> long tryWriteSlot(final int maxLength, final C context, final SlotFill<? super C> fill)
    {
        final long claimed = writer.tryClaim(maxLength);

        return claimed < 0 ? claimed : encodeSlot(maxLength, context, fill);
    }

    /**
     * A claim to be used over and over for one message, by producers that set fields where they are and not in a
     * callback.
     *
     * @param encoder of the message, which from now on is the claim's.
     * @param <E>     the message's generated encoder.
     * @return the claim, closed as yet.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it.
     */
    public <E extends MessageEncoderFlyweight> SbeClaim<E> claimFor(final E encoder)
    {
        return new SbeClaim<>(this, encoder, maxLength(encoder));
    }

    Writer<? extends SbeDataFormat> writer()
    {
        return writer;
    }

    /**
     * How much to claim now of the most that a message can take: what is left, but no less than what every such message
     * takes, so that the writer itself refuses where not even that fits.
     */
    int fittingLength(final MessageEncoderFlyweight encoder, final int maxLength)
    {
        final int minLength = headerLength + encoder.sbeBlockLength();
        if (maxLength == minLength)
        {
            return maxLength;
        }

        return (int)Math.max(minLength, Math.min(maxLength, writer.available() - LENGTH_WORD_LENGTH));
    }

    /**
     * Make the encoder stand on the open slot, behind the message header.
     */
    void wrap(final MessageEncoderFlyweight encoder)
    {
        final MutableDirectBuffer slot = writer.slot();
        header.write(
            slot, 0, encoder.sbeBlockLength(), encoder.sbeTemplateId(), schemaId, encoder.sbeSchemaVersion());
        encoder.wrap(slot, headerLength);
    }

    /**
     * Publish what the encoder wrote, or nothing where it is not within the slot. SBE encoders move their limit before
     * they write, and sometimes without writing, so that it can pass the slot without an exception.
     */
    long commit(final MessageEncoderFlyweight encoder, final int slotLength, final int maxLength)
    {
        final int encodedLength = encoder.encodedLength();
        if (encodedLength < encoder.sbeBlockLength() ||
            encodedLength > slotLength - headerLength ||
            encoder.offset() != headerLength ||
            encoder.buffer() != writer.slot())
        {
            throw refusedCommit(encoder, slotLength, maxLength);
        }

        return writer.commit(headerLength + encodedLength);
    }

    /**
     * Refuse a slot in which not even the root block has room, before it is claimed.
     */
    void requireLength(final MessageEncoderFlyweight encoder, final int maxLength)
    {
        requireMessage(encoder);
        final int minLength = headerLength + encoder.sbeBlockLength();
        if (maxLength < minLength)
        {
            throw new IllegalArgumentException("slot too short for message header and root block: encoder=" +
                encoder.getClass().getName() + " maxLength=" + maxLength + " min=" + minLength);
        }
    }

    /**
     * How much a message can take at most, as far as its schema and the channel's header tell.
     */
    private int maxLength(final MessageEncoderFlyweight encoder)
    {
        final MessageLayout message = requireMessage(encoder);
        final int minLength = headerLength + encoder.sbeBlockLength();

        return message.root().isFixedLength() ?
            minLength : Math.max(minLength, Math.min(message.maxLength(), maxRecordLength));
    }

    private WriteException refusedCommit(
        final MessageEncoderFlyweight encoder, final int slotLength, final int maxLength)
    {
        final boolean isInPlace = encoder.buffer() == writer.slot() && encoder.offset() == headerLength;
        writer.abort();

        if (!isInPlace)
        {
            return new EncodingException(file(), describe(encoder, slotLength) + " wrapped=elsewhere", null);
        }

        if (slotLength < maxLength && encoder.encodedLength() > slotLength - headerLength)
        {
            return new NoSpaceForRecordException(file(), slotLength, writer.available(), null);
        }

        return new EncodingException(
            file(), describe(encoder, slotLength) + " length=" + (headerLength + encoder.encodedLength()), null);
    }

    private <E extends MessageEncoderFlyweight, C> long encode(
        final E encoder,
        final int slotLength,
        final int maxLength,
        final C context,
        final SbeFill<? super E, ? super C> fill)
    {
        boolean isEncoded = false;
        try
        {
            wrap(encoder);
            fill.fill(encoder, context);
            isEncoded = true;
        }
        catch (final RuntimeException ex)
        {
            // Where the end of the channel cut the slot short, running past it is no fault of the encoder's.
            throw ex instanceof IndexOutOfBoundsException && slotLength < maxLength ?
                new NoSpaceForRecordException(file(), slotLength, writer.available(), ex) :
                new EncodingException(file(), describe(encoder, slotLength), ex);
        }
        finally
        {
            if (!isEncoded)
            {
                writer.abort();
            }
        }

        return commit(encoder, slotLength, maxLength);
    }

    private <C> long encodeSlot(final int slotLength, final C context, final SlotFill<? super C> fill)
    {
        int length = 0;
        boolean isEncoded = false;
        try
        {
            length = fill.fill(writer.slot(), 0, context);
            isEncoded = true;
        }
        catch (final RuntimeException ex)
        {
            throw new EncodingException(file(), "slotLength=" + slotLength, ex);
        }
        finally
        {
            if (!isEncoded)
            {
                writer.abort();
            }
        }

        return writer.commit(length);
    }

    private MessageLayout requireMessage(final MessageEncoderFlyweight encoder)
    {
        final MessageLayout message = format.message(encoder.sbeTemplateId());
        if (message == null || encoder.sbeSchemaId() != schemaId || encoder.sbeSchemaVersion() > schemaVersion)
        {
            throw new IllegalArgumentException(
                "encoder is not of the channel's schema: encoder=" + encoder.getClass().getName() +
                " schemaId=" + encoder.sbeSchemaId() +
                " version=" + encoder.sbeSchemaVersion() +
                " templateId=" + encoder.sbeTemplateId() +
                " format=" + format + ". Make the format from the schema of this encoder.");
        }

        return message;
    }

    private String describe(final MessageEncoderFlyweight encoder, final int slotLength)
    {
        final int templateId = encoder.sbeTemplateId();

        return "message=" + format.message(templateId).name() + " templateId=" + templateId + " slotLength=" +
            slotLength;
    }

    /**
     * For errors. Writers of other kinds do not name a file, but tell which channel it is.
     */
    private Path file()
    {
        return writer instanceof final ShmWriter<?> shm ?
            shm.file() : ChannelPath.relative(writer.header().channelId());
    }
}
