package io.kekbit.examples.marketdata;

import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.examples.ExampleException;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeEncoder;

/**
 * How large a channel has to be for messages that are known beforehand. A channel's capacity is fixed when it is
 * created.
 */
final class ChannelSize
{
    /**
     * Room for heartbeats and the end of the channel.
     */
    private static final long EXTRA_LENGTH = 64 * 1024;

    /**
     * Bytes that suffice for the definition of an instrument as the publisher sends it.
     */
    private static final int MAX_DEFINITION_LENGTH = 256;

    private long recordsLength;
    private long definitionsLength;
    private int maxMessageLength = MAX_DEFINITION_LENGTH;

    /**
     * Bytes that a message takes, its header included.
     *
     * @param kind         of the message.
     * @param decimalCount prices and quantities in it.
     */
    static int messageLength(final MessageKind kind, final int decimalCount)
    {
        return MessageHeaderEncoder.ENCODED_LENGTH + switch (kind)
        {
            case TRADE -> TradeEncoder.BLOCK_LENGTH;
            case BEST_BID_OFFER -> BestBidOfferEncoder.BLOCK_LENGTH;
            case BOOK_UPDATE -> BookUpdateEncoder.BLOCK_LENGTH +
                BookUpdateEncoder.BidsEncoder.sbeHeaderSize() +
                BookUpdateEncoder.AsksEncoder.sbeHeaderSize() +
                // A bid and an ask are of the same length.
                decimalCount / 2 * BookUpdateEncoder.BidsEncoder.sbeBlockLength();
            case INSTRUMENT_DEFINITION -> throw new IllegalArgumentException("not in any input: " + kind);
        };
    }

    /**
     * Add room for a message.
     *
     * @throws ExampleException where no channel has that much.
     */
    void add(final MessageKind kind, final int decimalCount)
    {
        final int messageLength = messageLength(kind, decimalCount);
        recordsLength += RecordDescriptor.alignedLength(messageLength);
        maxMessageLength = Math.max(maxMessageLength, messageLength);
        if (recordsLength > maxRecordsLength())
        {
            throw new ExampleException("input too large for one channel: maxCapacity=" +
                HeaderDescriptor.MAX_CAPACITY + ". Split it.");
        }
    }

    /**
     * Add room for the definition of an instrument, which is published once.
     */
    void addDefinition()
    {
        definitionsLength += RecordDescriptor.alignedLength(MAX_DEFINITION_LENGTH);
    }

    /**
     * Length in bytes of the longest message.
     */
    int maxMessageLength()
    {
        return maxMessageLength;
    }

    /**
     * The bytes that the messages take, in however many channels.
     *
     * @param repeats how often they are published.
     * @return the length of their records in bytes.
     */
    long recordsLength(final int repeats)
    {
        return repeats * recordsLength + definitionsLength;
    }

    /**
     * The capacity that the messages take when they are published more than once.
     *
     * @param repeats how often they are published.
     * @return the capacity in bytes.
     * @throws ExampleException where no channel has that much.
     */
    long capacity(final int repeats)
    {
        final long maxRepeats = maxRecordsLength() / Math.max(1, recordsLength);
        if (repeats > maxRepeats)
        {
            throw new ExampleException("too much for one channel: repeat=" + repeats +
                " bytesEach=" + recordsLength +
                " maxCapacity=" + HeaderDescriptor.MAX_CAPACITY +
                ". Repeat it at most " + maxRepeats + " times.");
        }

        return Math.max(
            recordsLength(repeats) + EXTRA_LENGTH,
            HeaderDescriptor.requiredCapacity(maxMessageLength));
    }

    private long maxRecordsLength()
    {
        return HeaderDescriptor.MAX_CAPACITY - EXTRA_LENGTH - definitionsLength;
    }
}
