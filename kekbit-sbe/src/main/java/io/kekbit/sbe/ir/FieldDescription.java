package io.kekbit.sbe.ir;

import java.util.List;

/**
 * A field, group or var data of a message, or an element of a composite. Texts are those of the schema, which can hold
 * any character.
 *
 * @param name         of the field.
 * @param id           of the field; meaningless for elements of composites.
 * @param kind         what it is.
 * @param type         name of its type and what it is made of, for instance {@code epochNanos uint64} or {@code symbol
 *                     char[16]}; of var data its character encoding or {@code uint8[]}; empty for groups.
 * @param presence     whether it can be null, or never is in a message since it is a constant.
 * @param offset       in bytes of a field in its block, or of an element in its composite; 0 for groups, var data and
 *                     constants.
 * @param length       in bytes; of an entry's block for groups, 0 for var data and constants.
 * @param sinceVersion version of the schema that added it.
 * @param description  what the schema says of it, or an empty text.
 * @param fields       of a group or a composite.
 * @param values       of an enum as {@code NAME=1}, of a set as {@code name=bit}, of a constant the constant.
 */
public record FieldDescription(
    String name,
    int id,
    Kind kind,
    String type,
    Presence presence,
    int offset,
    int length,
    int sinceVersion,
    String description,
    List<FieldDescription> fields,
    List<String> values)
{
    /**
     * What a field can be.
     */
    public enum Kind
    {
        /**
         * A number, a character, an array of numbers, or text of fixed length.
         */
        VALUE,

        /**
         * One of several named values.
         */
        ENUM,

        /**
         * Any of several named choices.
         */
        SET,

        /**
         * Several values in one field.
         */
        COMPOSITE,

        /**
         * A composite that stands for one number: mantissa * 10^exponent.
         */
        DECIMAL,

        /**
         * Entries, any number of them.
         */
        GROUP,

        /**
         * Text or bytes of variable length.
         */
        DATA
    }

    /**
     * Whether a field can be without value.
     */
    public enum Presence
    {
        /**
         * It always has a value.
         */
        REQUIRED,

        /**
         * It can be null.
         */
        OPTIONAL,

        /**
         * Its value stands in the schema, and takes no room in messages.
         */
        CONSTANT
    }

    /**
     * Keeps copies of the lists.
     */
    public FieldDescription
    {
        fields = List.copyOf(fields);
        values = List.copyOf(values);
    }
}
