package io.kekbit.sbe;

import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.WriteException;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/**
 * A slot for one kind of message, claimed over and over, see {@link SbeWriter#claimFor(MessageEncoderFlyweight)}.
 * <pre>
 * try (SbeClaim&lt;TradeEncoder&gt; claim = trades.claim())
 * {
 *     claim.encoder().sendingTime(now).tradeId(id);
 *     claim.commit();
 * }
 * </pre>
 * A claim that is closed without {@link #commit()} publishes nothing, so that a producer that throws halfway leaves the
 * channel as it was. An encoder that runs past the slot throws {@link IndexOutOfBoundsException} where it does so.
 * <p>
 * A writer has one open claim at a time. When the claim ends, its encoder is taken off the channel: used later, it
 * throws {@link IndexOutOfBoundsException}, and cannot change what was published.
 * <p>
 * Belongs to the thread that the writer belongs to.
 *
 * @param <E> the message's generated encoder.
 */
public final class SbeClaim<E extends MessageEncoderFlyweight> implements AutoCloseable
{
    // Where the encoder stands while nothing is claimed: of no length, so that a stale store fails its bounds check, on
    // memory of its own, so that it does no harm where those are switched off. While something is claimed, the encoder
    // stands on the writer's own slot, which the writer empties before it lets go of the channel.
    private final UnsafeBuffer nowhere;

    private final SbeWriter sbeWriter;
    private final Writer<? extends SbeDataFormat> writer;
    private final EncoderSpec spec;
    private final E encoder;
    private int maxLength;
    private int slotLength;
    private boolean isOpen;

    SbeClaim(final SbeWriter sbeWriter, final EncoderSpec spec, final E encoder)
    {
        this.sbeWriter = sbeWriter;
        this.spec = spec;
        this.encoder = encoder;
        writer = sbeWriter.writer();
        // What a schema permits can be far more than the channel does.
        nowhere = new UnsafeBuffer(
            new byte[Math.min(spec.maxLength(), writer.header().maxMessageLength())], 0, 0);
        encoder.wrap(nowhere, 0);
    }

    /**
     * Claim a slot for a message of any length.
     *
     * @return this.
     * @throws WriteException        where there is no room for the root block, or the writer is closed.
     * @throws IllegalStateException where this or another claim is open on the writer.
     */
    public SbeClaim<E> claim()
    {
        SbeWriter.claim(writer, spec, SbeWriter.AS_SCHEMA);
        open(SbeWriter.AS_SCHEMA);

        return this;
    }

    /**
     * Claim a slot for a message of which the greatest length is known.
     *
     * @param length the most bytes that the message takes, its header included.
     * @return this.
     * @throws WriteException           where there is no room for that length, or the writer is closed.
     * @throws IllegalArgumentException where the length is less than every such message takes.
     * @throws IllegalStateException    where this or another claim is open on the writer.
     */
    public SbeClaim<E> claim(final int length)
    {
        spec.requireSlotLength(length);
        writer.claim(length);
        open(length);

        return this;
    }

    /**
     * Claim a slot for a message of any length, if there is room. What is claimed has to be ended by {@link #commit()},
     * {@link #abort()} or {@link #close()}.
     *
     * @return the bytes that a record as long as the slot takes in the channel, or {@link Writer#CHANNEL_FULL}, {@link
     * Writer#NO_SPACE}, {@link Writer#TOO_LONG}, {@link Writer#CLOSED} or {@link Writer#WAIT}.
     * @throws IllegalStateException where this or another claim is open on the writer.
     */
    public long tryClaim()
    {
        final long claimed = SbeWriter.tryClaim(writer, spec, SbeWriter.AS_SCHEMA);
        if (claimed >= 0)
        {
            open(SbeWriter.AS_SCHEMA);
        }

        return claimed;
    }

    /**
     * Claim a slot for a message of which the greatest length is known, if there is room. What is claimed has to be
     * ended by {@link #commit()}, {@link #abort()} or {@link #close()}.
     *
     * @param length the most bytes that the message takes, its header included.
     * @return the bytes that a record as long as the slot takes in the channel, or {@link Writer#CHANNEL_FULL}, {@link
     * Writer#NO_SPACE}, {@link Writer#TOO_LONG}, {@link Writer#CLOSED} or {@link Writer#WAIT}.
     * @throws IllegalArgumentException where the length is less than every such message takes.
     * @throws IllegalStateException    where this or another claim is open on the writer.
     */
    public long tryClaim(final int length)
    {
        spec.requireSlotLength(length);
        final long claimed = writer.tryClaim(length);
        if (claimed >= 0)
        {
            open(length);
        }

        return claimed;
    }

    /**
     * The encoder, on the slot while the claim is open. Set the fields, optional ones too, then the groups, then the
     * var data, in the order of the schema.
     *
     * @return the encoder.
     */
    public E encoder()
    {
        return encoder;
    }

    /**
     * Publish the message and end the claim.
     *
     * @return the bytes the record takes in the channel.
     * @throws EncodingException                                   where the message turned out longer than its slot,
     *                                                             or the encoder was wrapped elsewhere.
     * @throws io.kekbit.core.exceptions.NoSpaceForRecordException where it turned out longer than a slot that the end
     *                                                             of the channel cut short.
     * @throws io.kekbit.core.exceptions.WriterClosedException     where the writer was closed meanwhile. In all these
     *                                                             cases nothing is published, and the claim has ended.
     * @throws IllegalStateException                               where the claim is not open.
     */
    public long commit()
    {
        if (!isOpen)
        {
            throw new IllegalStateException("the claim is not open. Claim a slot first.");
        }

        isOpen = false;
        final MutableDirectBuffer slot = writer.slot();

        // SBE encoders move their limit before they write, and sometimes without writing, so that it can pass the slot
        // without an exception.
        final int length = encoder.limit();
        final boolean isInPlace = spec.isInPlace(encoder, slot);
        try
        {
            if (!isInPlace || length > slotLength || length < spec.minLength())
            {
                throw sbeWriter.refused(encoder, spec, isInPlace, slotLength, maxLength);
            }
        }
        finally
        {
            encoder.wrap(nowhere, 0);
        }

        return writer.commit(length);
    }

    /**
     * End the claim and publish nothing. Does nothing where the claim is not open.
     */
    public void abort()
    {
        if (isOpen)
        {
            isOpen = false;
            encoder.wrap(nowhere, 0);
            writer.abort();
        }
    }

    /**
     * End the claim: the same as {@link #abort()}, which does nothing after {@link #commit()}.
     */
    @Override
    public void close()
    {
        abort();
    }

    private void open(final int longest)
    {
        maxLength = longest;
        isOpen = true;
        boolean isWrapped = false;
        try
        {
            final MutableDirectBuffer slot = writer.slot();
            slotLength = slot.capacity();
            spec.wrap(encoder, slot);
            isWrapped = true;
        }
        finally
        {
            if (!isWrapped)
            {
                abort();
            }
        }
    }
}
