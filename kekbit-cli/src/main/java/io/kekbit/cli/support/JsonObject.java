package io.kekbit.cli.support;

import io.kekbit.sbe.ir.JsonText;

import java.util.OptionalLong;

/**
 * Builds one JSON object in one line, its members in the order in which they are put. Not thread-safe.
 */
public final class JsonObject
{
    private final StringBuilder json = new StringBuilder("{");

    /**
     * A text.
     *
     * @param name of the member.
     * @param text null for null.
     * @return this.
     */
    public JsonObject text(final String name, final CharSequence text)
    {
        name(name);
        if (text == null)
        {
            json.append("null");
        }
        else
        {
            JsonText.appendQuoted(json, text);
        }

        return this;
    }

    /**
     * A signed number.
     *
     * @param name   of the member.
     * @param number its value.
     * @return this.
     */
    public JsonObject number(final String name, final long number)
    {
        name(name).append(number);
        return this;
    }

    /**
     * A number with a fraction.
     *
     * @param name   of the member.
     * @param number its value; one that is not finite becomes null.
     * @return this.
     */
    public JsonObject decimal(final String name, final double number)
    {
        name(name);
        if (Double.isFinite(number))
        {
            json.append(number);
        }
        else
        {
            json.append("null");
        }

        return this;
    }

    /**
     * A number of 64 bits without sign.
     *
     * @param name   of the member.
     * @param number its value, unsigned.
     * @return this.
     */
    public JsonObject unsigned(final String name, final long number)
    {
        name(name).append(Long.toUnsignedString(number));
        return this;
    }

    /**
     * A number that may not be known.
     *
     * @param name   of the member.
     * @param number empty for null.
     * @return this.
     */
    public JsonObject number(final String name, final OptionalLong number)
    {
        name(name).append(number.isPresent() ? Long.toString(number.getAsLong()) : "null");
        return this;
    }

    /**
     * True or false.
     *
     * @param name  of the member.
     * @param value which of the two.
     * @return this.
     */
    public JsonObject bool(final String name, final boolean value)
    {
        name(name).append(value);
        return this;
    }

    /**
     * A value that is JSON already.
     *
     * @param name  of the member.
     * @param value its JSON.
     * @return this.
     */
    public JsonObject raw(final String name, final CharSequence value)
    {
        name(name).append(value);
        return this;
    }

    /**
     * An object in this one.
     *
     * @param name   of the member.
     * @param object null for null.
     * @return this.
     */
    public JsonObject object(final String name, final JsonObject object)
    {
        name(name).append(object);
        return this;
    }

    /**
     * An array of objects.
     *
     * @param name    of the member.
     * @param objects in their order.
     * @return this.
     */
    public JsonObject objects(final String name, final Iterable<JsonObject> objects)
    {
        name(name).append('[');
        String separator = "";
        for (final JsonObject object : objects)
        {
            json.append(separator).append(object);
            separator = ",";
        }
        json.append(']');

        return this;
    }

    /**
     * An array of texts.
     *
     * @param name  of the member.
     * @param texts in their order.
     * @return this.
     */
    public JsonObject texts(final String name, final Iterable<? extends CharSequence> texts)
    {
        name(name).append('[');
        String separator = "";
        for (final CharSequence text : texts)
        {
            json.append(separator);
            JsonText.appendQuoted(json, text);
            separator = ",";
        }
        json.append(']');

        return this;
    }

    @Override
    public String toString()
    {
        return json + "}";
    }

    private StringBuilder name(final String name)
    {
        if (json.length() > 1)
        {
            json.append(',');
        }
        JsonText.appendQuoted(json, name);

        return json.append(':');
    }
}
