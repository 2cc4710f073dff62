package io.kekbit.examples.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kekbit.core.Encodable;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.io.DirectBufferInputStream;
import org.agrona.io.DirectBufferOutputStream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/**
 * Something of the application's that goes through a channel. It can be written to a channel of the JSON format only:
 * the compiler refuses any other.
 */
record Quote(String symbol, BigDecimal price, long quantity) implements Encodable<JsonDataFormat>
{
    /**
     * Writes the JSON straight into the record's slot. Where it does not fit, the stream throws, and the channel stays
     * as it was.
     */
    @Override
    public int encodeTo(
        final JsonDataFormat format, final MutableDirectBuffer slot, final int offset, final int maxLength)
    {
        final DirectBufferOutputStream out = new DirectBufferOutputStream(slot, offset, maxLength);
        try (JsonGenerator json = format.factory().createGenerator(out))
        {
            json.writeStartObject();
            json.writeStringField("symbol", symbol);
            json.writeNumberField("price", price);
            json.writeNumberField("quantity", quantity);
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return out.position();
    }

    static Quote decode(
        final JsonDataFormat format, final DirectBuffer buffer, final int offset, final int length) throws IOException
    {
        String symbol = null;
        BigDecimal price = null;
        long quantity = 0;
        try (JsonParser json = format.factory().createParser(new DirectBufferInputStream(buffer, offset, length)))
        {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME)
            {
                final String field = json.currentName();
                json.nextToken();
                switch (field)
                {
                    case "symbol" -> symbol = json.getText();
                    case "price" -> price = json.getDecimalValue();
                    case "quantity" -> quantity = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
        }

        return new Quote(symbol, price, quantity);
    }
}
