package io.kekbit.sbe.ir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Prints messages for tests, and reads what was printed with a parser that is not ours.
 */
final class Json
{
    private static final JsonFactory STRICT = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Json()
    {
    }

    static String print(final SchemaDecoder decoder, final DirectBuffer message)
    {
        final StringBuilder out = new StringBuilder();
        new JsonMessagePrinter(decoder).print(message, 0, message.capacity(), out);

        return out.toString();
    }

    /**
     * The part of a message's JSON that stands in the braces of its fields.
     */
    static String fields(final SchemaDecoder decoder, final DirectBuffer message)
    {
        final String json = print(decoder, message);
        final int start = json.indexOf("\"fields\":{");

        return start < 0 ? json : json.substring(start + "\"fields\":{".length(), json.length() - 2);
    }

    /**
     * Fails unless the text is one line, and JSON.
     */
    static void requireJson(final CharSequence text)
    {
        if (text.chars().anyMatch((c) -> c < ' ' || Character.getType(c) == Character.CONTROL))
        {
            throw new AssertionError("a control character: " + text);
        }

        try (JsonParser parser = STRICT.createParser(text.toString()))
        {
            int values = 0;
            int depth = 0;
            while (parser.nextToken() != null)
            {
                depth += parser.currentToken().isStructStart() ? 1 : parser.currentToken().isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
            }

            if (values != 1)
            {
                throw new AssertionError("not one value: " + text);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(text.toString(), ex);
        }
    }
}
