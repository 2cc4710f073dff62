package io.kekbit.examples.marketdata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads lines {@code <local time in ns> <JSON>}: what a collector received from the combined streams of Binance's spot
 * market. {@code bookTicker} becomes a best bid and offer, {@code trade} a trade, {@code depth} a book update.
 * <p>
 * JSON says nothing of the order of its fields, so a line is read to its end before anything is made of it.
 */
final class BinanceStream implements LineParser
{
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final JsonFactory json = new JsonFactory();

    @Override
    public String venue()
    {
        return "BINANCE";
    }

    @Override
    public boolean parse(final String line, final long lineNumber, final InputMessage message)
        throws InvalidInputException
    {
        final int space = line.indexOf(' ');
        if (space < 0)
        {
            throw new InvalidInputException("not a time, a space and JSON");
        }

        final long receiveTime = EpochTime.nanos(line.substring(0, space), 1);
        final Data data = new Data();
        try (JsonParser parser = json.createParser(line.substring(space + 1)))
        {
            readLine(parser, data);
        }
        catch (final JsonProcessingException ex)
        {
            throw new InvalidInputException("not the JSON of a stream: " + ex.getOriginalMessage());
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("a string cannot fail to be read", ex);
        }

        fill(message, data);
        message.receiveTime(receiveTime);

        return true;
    }

    private static void readLine(final JsonParser parser, final Data data) throws IOException, InvalidInputException
    {
        require(parser.nextToken(), JsonToken.START_OBJECT, "the line");
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final String name = parser.currentName();
            final JsonToken token = parser.nextToken();
            switch (name)
            {
                case "stream" -> data.stream = text(parser);
                case "data" ->
                {
                    require(token, JsonToken.START_OBJECT, name);
                    readData(parser, data);
                }
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null)
        {
            throw new InvalidInputException("more than one JSON value");
        }
    }

    /**
     * The streams give other meanings to the same names: {@code b} is a price here, a list of levels there, and in old
     * recordings of trades the number of an order, which is left out.
     */
    private static void readData(final JsonParser parser, final Data data) throws IOException, InvalidInputException
    {
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final String name = parser.currentName();
            final JsonToken token = parser.nextToken();
            switch (name)
            {
                case "s" -> data.symbol = text(parser);
                case "E" -> data.eventTime = number(parser);
                case "T" -> data.tradeTime = number(parser);
                case "t" -> data.tradeId = number(parser);
                case "U" -> data.firstUpdateId = number(parser);
                case "u" -> data.lastUpdateId = number(parser);
                case "p" -> data.price = text(parser);
                case "q" -> data.quantity = text(parser);
                case "m" -> data.isBuyerMaker = bool(parser);
                case "B" -> data.bidQuantity = text(parser);
                case "A" -> data.askQuantity = text(parser);
                case "b" ->
                {
                    if (token == JsonToken.START_ARRAY)
                    {
                        data.bids = levels(parser);
                    }
                    else if (token == JsonToken.VALUE_STRING)
                    {
                        data.bidPrice = text(parser);
                    }
                }
                case "a" ->
                {
                    if (token == JsonToken.START_ARRAY)
                    {
                        data.asks = levels(parser);
                    }
                    else if (token == JsonToken.VALUE_STRING)
                    {
                        data.askPrice = text(parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private static List<String> levels(final JsonParser parser) throws IOException, InvalidInputException
    {
        final List<String> levels = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_ARRAY)
        {
            parser.nextToken();
            levels.add(text(parser));
            parser.nextToken();
            levels.add(text(parser));
            require(parser.nextToken(), JsonToken.END_ARRAY, "the end of a level");
        }
        require(parser.currentToken(), JsonToken.END_ARRAY, "the end of the levels");

        return levels;
    }

    private static void fill(final InputMessage message, final Data data) throws InvalidInputException
    {
        final String stream = present(data.stream, "stream");
        final int at = stream.indexOf('@');
        final String kind = stream.substring(at + 1);
        if (at > 0 && kind.equals("trade"))
        {
            message.reset(MessageKind.TRADE, present(data.symbol, "s"));
            message.transactTime(EpochTime.nanos(present(data.tradeTime, "T"), NANOS_PER_MILLI));
            message.ids(present(data.tradeId, "t"), data.tradeId);
            message.aggressorSide(
                present(data.isBuyerMaker, "m") ? InputMessage.SIDE_SELL : InputMessage.SIDE_BUY);
            message.decimals().add(present(data.price, "p"));
            message.decimals().add(present(data.quantity, "q"));
        }
        else if (at > 0 && kind.equals("bookTicker"))
        {
            message.reset(MessageKind.BEST_BID_OFFER, present(data.symbol, "s"));
            message.ids(present(data.lastUpdateId, "u"), data.lastUpdateId);
            message.decimals().add(present(data.bidPrice, "b"));
            message.decimals().add(present(data.bidQuantity, "B"));
            message.decimals().add(present(data.askPrice, "a"));
            message.decimals().add(present(data.askQuantity, "A"));
        }
        else if (at > 0 && (kind.equals("depth") || kind.startsWith("depth@")))
        {
            message.reset(MessageKind.BOOK_UPDATE, present(data.symbol, "s"));
            message.transactTime(EpochTime.nanos(present(data.eventTime, "E"), NANOS_PER_MILLI));
            message.ids(present(data.firstUpdateId, "U"), present(data.lastUpdateId, "u"));
            message.decimals().addAll(present(data.bids, "b"));
            message.decimals().addAll(present(data.asks, "a"));
            message.bidLevels(data.bids.size() / 2);
        }
        else
        {
            throw new InvalidInputException("a stream that is not known: " + stream);
        }
    }

    private static void require(final JsonToken token, final JsonToken expected, final String what)
        throws InvalidInputException
    {
        if (token != expected)
        {
            throw new InvalidInputException(what + " is not " + expected);
        }
    }

    private static String text(final JsonParser parser) throws IOException, InvalidInputException
    {
        final String name = parser.currentName();
        require(parser.currentToken(), JsonToken.VALUE_STRING, name == null ? "a price or quantity" : name);

        return parser.getText();
    }

    private static Long number(final JsonParser parser) throws IOException, InvalidInputException
    {
        require(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, parser.currentName());
        final long value = parser.getLongValue();
        if (value < 0)
        {
            throw new InvalidInputException(parser.currentName() + " is negative: " + value);
        }

        return value;
    }

    private static Boolean bool(final JsonParser parser) throws InvalidInputException, IOException
    {
        final JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE)
        {
            throw new InvalidInputException(parser.currentName() + " is neither true nor false");
        }

        return token == JsonToken.VALUE_TRUE;
    }

    private static <T> T present(final T value, final String name) throws InvalidInputException
    {
        if (value == null)
        {
            throw new InvalidInputException("no field \"" + name + "\"");
        }

        return value;
    }

    /**
     * What a line says, as far as it is of use; null where it does not.
     */
    private static final class Data
    {
        private String stream;
        private String symbol;
        private Long eventTime;
        private Long tradeTime;
        private Long tradeId;
        private Long firstUpdateId;
        private Long lastUpdateId;
        private Boolean isBuyerMaker;
        private String price;
        private String quantity;
        private String bidPrice;
        private String bidQuantity;
        private String askPrice;
        private String askQuantity;
        private List<String> bids;
        private List<String> asks;
    }
}
