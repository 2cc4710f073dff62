package io.kekbit.examples.json;

import com.fasterxml.jackson.core.JsonFactory;
import io.kekbit.core.DataFormat;
import org.agrona.DirectBuffer;

/**
 * An application's own format: one JSON object to a record. Nothing else has to be done, and nothing to be registered.
 */
final class JsonDataFormat implements DataFormat
{
    static final JsonDataFormat INSTANCE = new JsonDataFormat();

    /**
     * Ids below 2<sup>32</sup> are kekbit's own. The upper half of this one says "JSON" in ASCII, the lower half is the
     * version of what the objects hold.
     */
    static final long ID = 0x4A53_4F4E_0000_0001L;

    private final JsonFactory factory = new JsonFactory();

    private JsonDataFormat()
    {
    }

    @Override
    public long id()
    {
        return ID;
    }

    @Override
    public String mediaType()
    {
        return "application/json";
    }

    /**
     * Any version will do: fields that a reader does not know are passed over.
     */
    @Override
    public boolean accepts(final long storedId, final DirectBuffer schema)
    {
        return storedId >>> Integer.SIZE == ID >>> Integer.SIZE;
    }

    @Override
    public String toString()
    {
        return "JsonDataFormat";
    }

    /**
     * Makes generators and parsers, which is safe from any thread.
     */
    JsonFactory factory()
    {
        return factory;
    }
}
