package io.kekbit.examples.marketdata;

import java.util.ArrayList;
import java.util.List;

/**
 * One message as the input has it, decimals still text. What reads the input fills it, and both {@link Recording},
 * which is what gets published, and {@link InputDigest}, which is what that is checked against, take their values from
 * it, each in its own way. Reusable.
 */
final class InputMessage
{
    /**
     * Stands for a time or an id that the input does not have.
     */
    static final long ABSENT = -1;

    static final int SIDE_ABSENT = 0;
    static final int SIDE_BUY = 1;
    static final int SIDE_SELL = 2;

    private final List<String> decimals = new ArrayList<>();

    private MessageKind kind;
    private String symbol;
    private long transactTime;
    private long receiveTime;
    private long firstId;
    private long lastId;
    private int aggressorSide;
    private int bidLevels;

    /**
     * Begin a message in which everything but this is absent.
     */
    void reset(final MessageKind messageKind, final String instrumentSymbol)
    {
        kind = messageKind;
        symbol = instrumentSymbol;
        transactTime = ABSENT;
        receiveTime = ABSENT;
        firstId = ABSENT;
        lastId = ABSENT;
        aggressorSide = SIDE_ABSENT;
        bidLevels = 0;
        decimals.clear();
    }

    void transactTime(final long epochNs)
    {
        transactTime = epochNs;
    }

    void receiveTime(final long epochNs)
    {
        receiveTime = epochNs;
    }

    /**
     * The venue's numbers: of a trade or a best price the same twice, of a book update the first and the last.
     */
    void ids(final long first, final long last)
    {
        firstId = first;
        lastId = last;
    }

    void aggressorSide(final int side)
    {
        aggressorSide = side;
    }

    /**
     * Of a book update, how many of the {@link #decimals()}' levels are bids; the others are asks.
     */
    void bidLevels(final int levels)
    {
        bidLevels = levels;
    }

    /**
     * Pairs of price and quantity: of a trade one, of a best price the bid and the ask, of a book update one for each
     * level.
     */
    List<String> decimals()
    {
        return decimals;
    }

    MessageKind kind()
    {
        return kind;
    }

    String symbol()
    {
        return symbol;
    }

    long transactTime()
    {
        return transactTime;
    }

    long receiveTime()
    {
        return receiveTime;
    }

    long firstId()
    {
        return firstId;
    }

    long lastId()
    {
        return lastId;
    }

    int aggressorSide()
    {
        return aggressorSide;
    }

    int bidLevels()
    {
        return bidLevels;
    }

    int askLevels()
    {
        return kind == MessageKind.BOOK_UPDATE ? decimals.size() / 2 - bidLevels : 0;
    }
}
