package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.List;

/**
 * Is told what a message holds, in the order of the schema. Fields, groups and var data that the message's version does
 * not have are left out. Names are those of the schema, which can hold any character. All methods do nothing unless
 * overridden; what they throw ends the decoding and reaches whoever asked for it.
 * <p>
 * A message is {@code onBeginMessage}, values, {@code onEndMessage}; a composite and an array are put around their
 * values in the same way, a group around its entries, and an entry around its values, groups and var data.
 */
public interface MessageVisitor
{
    /**
     * A message begins.
     *
     * @param name          of the message.
     * @param templateId    of the message.
     * @param actingVersion of the schema with which it was written.
     */
    default void onBeginMessage(final String name, final int templateId, final int actingVersion)
    {
    }

    /**
     * The message has ended.
     */
    default void onEndMessage()
    {
    }

    /**
     * A repeating group begins.
     *
     * @param name  of the group.
     * @param count of entries that follow.
     */
    default void onBeginGroup(final String name, final int count)
    {
    }

    /**
     * An entry of a group begins.
     *
     * @param index of the entry in its group, from 0.
     */
    default void onBeginEntry(final int index)
    {
    }

    /**
     * The entry has ended.
     */
    default void onEndEntry()
    {
    }

    /**
     * The group has ended.
     */
    default void onEndGroup()
    {
    }

    /**
     * A composite begins that is not a decimal.
     *
     * @param name of the field or, in another composite, of the element.
     */
    default void onBeginComposite(final String name)
    {
    }

    /**
     * The composite has ended.
     */
    default void onEndComposite()
    {
    }

    /**
     * An array of numbers begins. Its elements come as numbers or nulls under the same name.
     *
     * @param name   of the field.
     * @param length of the array in elements.
     */
    default void onBeginArray(final String name, final int length)
    {
    }

    /**
     * The array has ended.
     */
    default void onEndArray()
    {
    }

    /**
     * A value that is absent: an optional one that holds its type's null value, an enum that holds its null value, or a
     * floating point number that is none (NaN).
     *
     * @param name of the field.
     */
    default void onNull(final String name)
    {
    }

    /**
     * An integer of any type but {@code uint64}, or an enum's value that the schema does not list.
     *
     * @param name  of the field.
     * @param value of the field.
     */
    default void onLong(final String name, final long value)
    {
    }

    /**
     * An integer of type {@code uint64}.
     *
     * @param name  of the field.
     * @param value of the field; what is negative in Java stands for a value above {@link Long#MAX_VALUE}.
     */
    default void onUnsignedLong(final String name, final long value)
    {
    }

    /**
     * A floating point number of 32 bits, which can be infinite.
     *
     * @param name  of the field.
     * @param value of the field.
     */
    default void onFloat(final String name, final float value)
    {
    }

    /**
     * A floating point number of 64 bits, which can be infinite.
     *
     * @param name  of the field.
     * @param value of the field.
     */
    default void onDouble(final String name, final double value)
    {
    }

    /**
     * A composite of a mantissa and an exponent of 10, and nothing else.
     *
     * @param name  of the field.
     * @param value exactly; its scale is that of the message.
     */
    default void onDecimal(final String name, final BigDecimal value)
    {
    }

    /**
     * A character, an array of characters up to the first that is zero, or var data of a type with a character
     * encoding.
     *
     * @param name  of the field.
     * @param value with U+FFFD for what is not in the character encoding. Where that is ASCII, bytes above 127 are
     *              taken for ISO-8859-1.
     */
    default void onText(final String name, final String value)
    {
    }

    /**
     * A value of an enum that the schema lists.
     *
     * @param name   of the field.
     * @param value  the name of the value.
     * @param number that stands for it in the schema, in a message only where the field is no constant.
     */
    default void onEnum(final String name, final String value, final long number)
    {
    }

    /**
     * Choices out of a set.
     *
     * @param name        of the field.
     * @param choices     the names of those made, by ascending bit. Reused, so it has to be copied to be kept.
     * @param unknownBits bits that are set and have no name.
     */
    default void onSet(final String name, final List<String> choices, final long unknownBits)
    {
    }

    /**
     * Var data of a type without character encoding.
     *
     * @param name   of the field.
     * @param buffer that holds the bytes, only while this method runs.
     * @param offset of the first byte.
     * @param length in bytes.
     */
    default void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
    {
    }
}
