package io.kekbit.benchmarks.operations;

import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeClaim;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * The same trade of the market data schema, encoded in every way there is.
 */
final class SbeWrites
{
    /**
     * In place, by a callback with a context. What {@link Channels#KEKBIT} does here, too.
     */
    static final String FILL = "kekbit-fill";

    /**
     * In place, in a claim that is used over and over.
     */
    static final String CLAIM = "kekbit-claim";

    /**
     * In place, by code that is given the slot.
     */
    static final String SLOT = "kekbit-slot";

    /**
     * Encoded elsewhere, then copied.
     */
    static final String COPY = "kekbit-copy";

    /**
     * Encoded into one plain buffer, over and over, and published nowhere. What encoding alone costs where nothing
     * leaves the first-level cache.
     */
    static final String PLAIN_BUFFER = "plain-buffer";

    private SbeWrites()
    {
    }

    static Batch of(final Setting given)
    {
        final Setting setting = given.withLength(Tick.LENGTH);

        return switch (setting.subject())
        {
            case Channels.KEKBIT, Channels.KEKBIT_COLD, FILL -> new Fill(setting);
            case CLAIM -> new Claim(setting);
            case SLOT -> new Slot(setting);
            case COPY -> new Copy(setting);
            case PLAIN_BUFFER -> new PlainBuffer();
            default -> new ByHand(setting);
        };
    }

    /**
     * A writer that has seen the message before, as it will have after the first one.
     */
    private static SbeWriter sbeWriter(final ShmWriter<SbeDataFormat> writer)
    {
        final SbeWriter sbe = new SbeWriter(writer);
        sbe.claimFor(new TradeEncoder());

        return sbe;
    }

    private static final class Fill extends KekbitBatch<SbeDataFormat>
    {
        private final TradeEncoder trade = new TradeEncoder();
        private final Tick tick = new Tick();
        private SbeWriter sbe;

        Fill(final Setting setting)
        {
            super(setting, Tick.FORMAT);
        }

        @Override
        void onChannel(final ShmWriter<SbeDataFormat> writer)
        {
            sbe = sbeWriter(writer);
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                sbe.write(trade, tick.next(), Tick::fill);
            }

            return writer().writeOffset();
        }
    }

    private static final class Claim extends KekbitBatch<SbeDataFormat>
    {
        private final Tick tick = new Tick();
        private SbeClaim<TradeEncoder> trades;

        Claim(final Setting setting)
        {
            super(setting, Tick.FORMAT);
        }

        @Override
        void onChannel(final ShmWriter<SbeDataFormat> writer)
        {
            trades = new SbeWriter(writer).claimFor(new TradeEncoder());
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                try (SbeClaim<TradeEncoder> claim = trades.claim())
                {
                    Tick.fill(claim.encoder(), tick.next());
                    claim.commit();
                }
            }

            return writer().writeOffset();
        }
    }

    private static final class Slot extends KekbitBatch<SbeDataFormat>
    {
        private final TradeEncoder trade = new TradeEncoder();
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private final Tick tick = new Tick();
        private SbeWriter sbe;

        Slot(final Setting setting)
        {
            super(setting, Tick.FORMAT);
        }

        @Override
        void onChannel(final ShmWriter<SbeDataFormat> writer)
        {
            sbe = sbeWriter(writer);
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                tick.next();
                sbe.writeSlot(Tick.LENGTH, this, Slot::fill);
            }

            return writer().writeOffset();
        }

        private static int fill(final MutableDirectBuffer slot, final int offset, final Slot batch)
        {
            return Tick.encode(batch.trade, batch.header, slot, offset, batch.tick);
        }
    }

    private static final class Copy extends KekbitBatch<SbeDataFormat>
    {
        private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(Tick.LENGTH));
        private final TradeEncoder trade = new TradeEncoder();
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private final Tick tick = new Tick();

        Copy(final Setting setting)
        {
            super(setting, Tick.FORMAT);
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                writer().write(message, 0, Tick.encode(trade, header, message, 0, tick.next()));
            }

            return writer().writeOffset();
        }
    }

    /**
     * The yardstick: the encoder stands on the mapped file itself, and the two words that publish a record are stored.
     */
    private static final class ByHand extends FloorBatch
    {
        private final TradeEncoder trade = new TradeEncoder();
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private final Tick tick = new Tick();

        ByHand(final Setting setting)
        {
            super(setting);
        }

        @Override
        public long run()
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                require(writer().claim(Tick.LENGTH));
                final int length = Tick.encode(trade, header, writer().slot(), writer().slotOffset(), tick.next());
                writer().commit(length);
            }

            return writer().slotOffset();
        }
    }

    private static final class PlainBuffer implements Batch
    {
        private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(Tick.LENGTH));
        private final TradeEncoder trade = new TradeEncoder();
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private final Tick tick = new Tick();

        @Override
        public void prepare()
        {
        }

        @Override
        public long run()
        {
            long total = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                total += Tick.encode(trade, header, message, 0, tick.next());
                // Keeps the stores of one round from being folded into those of the next.
                total += message.getLongVolatile(MessageHeaderEncoder.ENCODED_LENGTH);
            }

            return total;
        }

        @Override
        public void close()
        {
        }
    }
}
