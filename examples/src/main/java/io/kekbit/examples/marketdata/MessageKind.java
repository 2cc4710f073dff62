package io.kekbit.examples.marketdata;

/**
 * The messages that go through the channel, in the order in which they are reported.
 */
enum MessageKind
{
    INSTRUMENT_DEFINITION("InstrumentDefinition"),
    TRADE("Trade"),
    BEST_BID_OFFER("BestBidOffer"),
    BOOK_UPDATE("BookUpdate");

    private static final MessageKind[] KINDS = values();

    private final String messageName;

    MessageKind(final String messageName)
    {
        this.messageName = messageName;
    }

    static MessageKind of(final int code)
    {
        return KINDS[code];
    }

    static int count()
    {
        return KINDS.length;
    }

    int code()
    {
        return ordinal();
    }

    /**
     * What the message is called in the schema.
     */
    String messageName()
    {
        return messageName;
    }
}
