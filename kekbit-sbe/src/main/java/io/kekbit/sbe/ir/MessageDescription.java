package io.kekbit.sbe.ir;

import java.util.List;

/**
 * A message of a schema, for a person to read. Texts are those of the schema, which can hold any character.
 *
 * @param name         of the message.
 * @param templateId   of the message.
 * @param blockLength  of the root block in bytes, as of the newest version.
 * @param sinceVersion version of the schema that added it.
 * @param description  what the schema says of it, or an empty text.
 * @param fields       fields, groups and var data in the order of the schema.
 */
public record MessageDescription(
    String name, int templateId, int blockLength, int sinceVersion, String description, List<FieldDescription> fields)
{
    /**
     * Keeps a copy of the list.
     */
    public MessageDescription
    {
        fields = List.copyOf(fields);
    }
}
