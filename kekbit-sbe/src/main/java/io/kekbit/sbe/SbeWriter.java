package io.kekbit.sbe;

import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.LangUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

import java.nio.file.Path;
import java.util.IdentityHashMap;

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
 * All encoders of a class are taken to be of the same message and version, as generated ones are.
 * <p>
 * Belongs to the thread that the writer belongs to. Closing the writer is the caller's affair.
 */
public final class SbeWriter
{
    /**
     * In place of a greatest length: the one that the schema gives, or less where there is no room for it.
     */
    static final int AS_SCHEMA = 0;

    private final Writer<? extends SbeDataFormat> writer;
    private final SbeDataFormat format;
    private final IdentityHashMap<Class<?>, EncoderSpec> specByEncoder = new IdentityHashMap<>();
    private Class<?> lastType;
    private EncoderSpec lastSpec;

    /**
     * Write messages to a channel.
     *
     * @param writer of the channel.
     */
    public SbeWriter(final Writer<? extends SbeDataFormat> writer)
    {
        this.writer = writer;
        format = writer.dataFormat();
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
        return encode(encoder, AS_SCHEMA, true, context, fill);
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
     * {@link Writer#TOO_LONG}, {@link Writer#CLOSED} or {@link Writer#WAIT}.
     * @throws EncodingException        where the message turned out longer than its slot, though the end of the channel
     *                                  did not shorten it, or {@code fill} threw; nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it.
     */
    public <E extends MessageEncoderFlyweight, C> long tryWrite(
        final E encoder, final C context, final SbeFill<? super E, ? super C> fill)
    {
        return encode(encoder, AS_SCHEMA, false, context, fill);
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
        specOf(encoder).requireSlotLength(maxLength);

        return encode(encoder, maxLength, true, context, fill);
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
     * {@link Writer#TOO_LONG}, {@link Writer#CLOSED} or {@link Writer#WAIT}.
     * @throws EncodingException        where the message turned out longer than its slot, or {@code fill} threw;
     *                                  nothing is published.
     * @throws IllegalArgumentException where the encoder is not of the channel's schema, or of a newer version of it;
     *                                  or where {@code maxLength} is less than every such message takes.
     */
    public <E extends MessageEncoderFlyweight, C> long tryWrite(
        final E encoder, final int maxLength, final C context, final SbeFill<? super E, ? super C> fill)
    {
        specOf(encoder).requireSlotLength(maxLength);

        return encode(encoder, maxLength, false, context, fill);
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
     * {@link Writer#TOO_LONG}, {@link Writer#EMPTY}, {@link Writer#CLOSED} or {@link Writer#WAIT}.
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
        return new SbeClaim<>(this, specOf(encoder), encoder);
    }

    Writer<? extends SbeDataFormat> writer()
    {
        return writer;
    }

    /**
     * Claim a slot for a message of a greatest length, or {@link #AS_SCHEMA}.
     */
    static long claim(final Writer<?> writer, final EncoderSpec spec, final int maxLength)
    {
        return maxLength != AS_SCHEMA ? writer.claim(maxLength) :
            spec.isFixedLength() ? writer.claim(spec.minLength()) : writer.claim(spec.minLength(), spec.maxLength());
    }

    /**
     * Claim a slot for a message of a greatest length, if there is room for that, or {@link #AS_SCHEMA}, if there is
     * room for the root block.
     */
    static long tryClaim(final Writer<?> writer, final EncoderSpec spec, final int maxLength)
    {
        return maxLength != AS_SCHEMA ? writer.tryClaim(maxLength) :
            spec.isFixedLength() ? writer.tryClaim(spec.minLength()) :
            writer.tryClaim(spec.minLength(), spec.maxLength());
    }

    /**
     * Give up the slot of an encoder that is not to be published: it was wrapped elsewhere, or its limit passed the
     * slot, or stands before the end of its block.
     */
    WriteException refused(
        final MessageEncoderFlyweight encoder,
        final EncoderSpec spec,
        final boolean isInPlace,
        final int slotLength,
        final int maxLength)
    {
        // Before the slot is given up: then another thread can be writing.
        final long available = writer.available();
        writer.abort();
        if (isInPlace && encoder.limit() > slotLength && isCutShort(spec, slotLength, maxLength, available))
        {
            return new NoSpaceForRecordException(file(), slotLength, available, null);
        }

        return new EncodingException(
            file(),
            spec + " slotLength=" + slotLength + (isInPlace ? " length=" + encoder.limit() : " wrapped=elsewhere"),
            null);
    }

    private EncoderSpec specOf(final MessageEncoderFlyweight encoder)
    {
        // Most messages are of the same kind as the one before.
        final Class<?> type = encoder.getClass();

        return type == lastType ? lastSpec : otherSpec(type, encoder);
    }

    private EncoderSpec otherSpec(final Class<?> type, final MessageEncoderFlyweight encoder)
    {
        EncoderSpec spec = specByEncoder.get(type);
        if (spec == null)
        {
            spec = new EncoderSpec(format, encoder);
            specByEncoder.put(type, spec);
        }
        lastType = type;
        lastSpec = spec;

        return spec;
    }

    /**
     * Claim, encode and commit in one method. With an encoder and a callback inlined into it, it grows too big for the
     * JIT compiler to inline it further: what is in front of that call, such as the claim, would have its results
     * stored and loaded again.
     */
    private <E extends MessageEncoderFlyweight, C> long encode(
        final E encoder,
        final int maxLength,
        final boolean isRequired,
        final C context,
        final SbeFill<? super E, ? super C> fill)
    {
        final EncoderSpec spec = specOf(encoder);
        final long claimed = isRequired ? claim(writer, spec, maxLength) : tryClaim(writer, spec, maxLength);
        if (claimed < 0)
        {
            return claimed;
        }

        final MutableDirectBuffer slot = writer.slot();
        final int slotLength = slot.capacity();
        try
        {
            spec.wrap(encoder, slot);
            fill.fill(encoder, context);
        }
        catch (final Throwable ex)
        {
            return toldOrThrown(failed(spec, slotLength, maxLength, ex), isRequired);
        }

        // SBE encoders move their limit before they write, and sometimes without writing, so that it can pass the slot
        // without an exception.
        final int length = encoder.limit();
        final boolean isInPlace = spec.isInPlace(encoder, slot);
        if (!isInPlace || length > slotLength || length < spec.minLength())
        {
            return toldOrThrown(refused(encoder, spec, isInPlace, slotLength, maxLength), isRequired);
        }

        return writer.commit(length);
    }

    private static long toldOrThrown(final WriteException failure, final boolean isRequired)
    {
        if (!isRequired && failure instanceof NoSpaceForRecordException)
        {
            return Writer.NO_SPACE;
        }

        throw failure;
    }

    private WriteException failed(
        final EncoderSpec spec, final int slotLength, final int maxLength, final Throwable cause)
    {
        final long available = writer.available();
        abort(cause);

        return cause instanceof IndexOutOfBoundsException && isCutShort(spec, slotLength, maxLength, available) ?
            new NoSpaceForRecordException(file(), slotLength, available, cause) :
            new EncodingException(file(), spec + " slotLength=" + slotLength, cause);
    }

    /**
     * Whether a slot was shorter than the message can be because the channel ends, and not because its header allows no
     * more. Then running past it is no fault of the encoder's.
     */
    private boolean isCutShort(
        final EncoderSpec spec, final int slotLength, final int maxLength, final long available)
    {
        return slotLength < (maxLength == AS_SCHEMA ? spec.maxLength() : maxLength) &&
            available - LENGTH_WORD_LENGTH < writer.header().maxMessageLength();
    }

    private <C> long encodeSlot(final int slotLength, final C context, final SlotFill<? super C> fill)
    {
        final int length;
        try
        {
            length = fill.fill(writer.slot(), 0, context);
        }
        catch (final Throwable ex)
        {
            abort(ex);
            throw new EncodingException(file(), "slotLength=" + slotLength, ex);
        }

        return writer.commit(length);
    }

    /**
     * Give up the slot. Errors of the JVM and of assertions are not the encoder's, and go on as they are.
     */
    private void abort(final Throwable cause)
    {
        writer.abort();
        if (cause instanceof Error)
        {
            LangUtil.rethrowUnchecked(cause);
        }
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
