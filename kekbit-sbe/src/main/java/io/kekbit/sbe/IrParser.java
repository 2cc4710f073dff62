package io.kekbit.sbe;

import io.kekbit.sbe.BlockLayout.GroupLayout;
import io.kekbit.sbe.BlockLayout.VarDataLayout;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the layouts of a schema's messages from its serialised form, by this grammar:
 * <pre>
 * schema   = header message*
 * header   = BEGIN_COMPOSITE anything END_COMPOSITE
 * message  = BEGIN_MESSAGE  field* group* var-data* END_MESSAGE
 * group    = BEGIN_GROUP header field* group* var-data* END_GROUP
 * field    = BEGIN_FIELD anything END_FIELD
 * var-data = BEGIN_VAR_DATA BEGIN_COMPOSITE ENCODING ENCODING END_COMPOSITE END_VAR_DATA
 * </pre>
 * The bytes are not trusted: groups nest to a limit, and every loop consumes a token.
 */
final class IrParser
{
    /**
     * Groups in groups, far beyond the 3 that are seen in public schemas.
     */
    static final int MAX_DEPTH = 16;

    private static final int MAX_LENGTH = 1 << 28;
    private static final String BLOCK_LENGTH = "blockLength";
    private static final String TEMPLATE_ID = "templateId";
    private static final String SCHEMA_ID = "schemaId";
    private static final String VERSION = "version";
    private static final String NUM_IN_GROUP = "numInGroup";

    private final IrTokens tokens;
    private final Int2ObjectHashMap<MessageLayout> messages = new Int2ObjectHashMap<>();
    private final MessageHeaderLayout header;
    private final ByteOrder byteOrder;

    /**
     * @throws InvalidSchemaException where the bytes are not a schema.
     */
    IrParser(final DirectBuffer ir)
    {
        tokens = new IrTokens(ir);
        final HeaderFields fields = parseHeader(BLOCK_LENGTH, TEMPLATE_ID, SCHEMA_ID, VERSION);
        header = new MessageHeaderLayout(
            fields.length,
            fields.get(BLOCK_LENGTH),
            fields.get(TEMPLATE_ID),
            fields.get(SCHEMA_ID),
            fields.get(VERSION));
        byteOrder = fields.get(BLOCK_LENGTH).byteOrder();
        if (!header.canHoldSchema(tokens.schemaId(), tokens.schemaVersion()))
        {
            throw tokens.invalid("the message header has no room for schemaId=" + tokens.schemaId() +
                " version=" + tokens.schemaVersion());
        }

        while (tokens.hasNext())
        {
            final MessageLayout message = parseMessage();
            if (messages.put(message.templateId(), message) != null)
            {
                throw tokens.invalid("two messages have templateId=" + message.templateId());
            }
        }
    }

    String packageName()
    {
        return tokens.packageName();
    }

    int schemaId()
    {
        return tokens.schemaId();
    }

    int schemaVersion()
    {
        return tokens.schemaVersion();
    }

    ByteOrder byteOrder()
    {
        return byteOrder;
    }

    MessageHeaderLayout header()
    {
        return header;
    }

    Int2ObjectHashMap<MessageLayout> messages()
    {
        return messages;
    }

    /**
     * Parse the header of a message or a group, from before its first token to its last.
     *
     * @param names of the integers that it has to have; what else is in it is stepped over.
     */
    private HeaderFields parseHeader(final String... names)
    {
        tokens.next(SignalCodec.BEGIN_COMPOSITE);
        final int headerLength = requireLength(tokens.size());
        final Map<String, ScalarField> fields = new HashMap<>();
        int depth = 1;
        while (depth > 0)
        {
            tokens.next();
            switch (tokens.signal())
            {
                case BEGIN_COMPOSITE -> depth++;
                case END_COMPOSITE -> depth--;
                case ENCODING ->
                {
                    if (depth == 1 && List.of(names).contains(tokens.name()))
                    {
                        fields.put(tokens.name(), tokens.scalar(headerLength));
                    }
                }
                case BEGIN_ENUM, VALID_VALUE, END_ENUM, BEGIN_SET, CHOICE, END_SET ->
                {
                }
                default -> throw tokens.invalid("a header contains " + tokens.signal());
            }
        }

        if (fields.size() != names.length)
        {
            throw tokens.invalid("a header lacks one of " + Arrays.toString(names));
        }

        return new HeaderFields(headerLength, fields);
    }

    private MessageLayout parseMessage()
    {
        tokens.next(SignalCodec.BEGIN_MESSAGE);
        final String name = tokens.name();
        final int templateId = tokens.id();
        final int blockLength = requireLength(tokens.size());
        if (!header.canHoldTemplateId(templateId) || !header.canHoldBlockLength(blockLength))
        {
            throw tokens.invalid("the message header has no room for templateId=" + templateId +
                " blockLength=" + blockLength);
        }

        tokens.next();
        final BlockLayout root = parseBlock(blockLength, SignalCodec.END_MESSAGE, 0);
        final int maxLength = MessageLayout.saturatedLength(header.length(), root.maxLength());

        return new MessageLayout(name, templateId, root, maxLength);
    }

    /**
     * From the current token to the one that ends the block.
     */
    private BlockLayout parseBlock(final int blockLength, final SignalCodec end, final int depth)
    {
        final TreeMap<Integer, Integer> lengthByVersion = new TreeMap<>();
        lengthByVersion.put(0, 0);
        for (; tokens.signal() == SignalCodec.BEGIN_FIELD; tokens.next())
        {
            final int sinceVersion = requireVersion(tokens.sinceVersion());
            lengthByVersion.merge(sinceVersion, parseFieldEnd(blockLength), Math::max);
        }

        final List<GroupLayout> groups = new ArrayList<>();
        for (; tokens.signal() == SignalCodec.BEGIN_GROUP; tokens.next())
        {
            groups.add(parseGroup(depth + 1));
        }

        final List<VarDataLayout> varData = new ArrayList<>();
        for (; tokens.signal() == SignalCodec.BEGIN_VAR_DATA; tokens.next())
        {
            varData.add(parseVarData());
        }

        tokens.require(end);

        final int[] versions = lengthByVersion.keySet().stream().mapToInt(Integer::intValue).toArray();
        final int[] requiredLengths = lengthByVersion.values().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 1; i < requiredLengths.length; i++)
        {
            requiredLengths[i] = Math.max(requiredLengths[i], requiredLengths[i - 1]);
        }

        return new BlockLayout(
            blockLength,
            versions,
            requiredLengths,
            groups.toArray(new GroupLayout[0]),
            varData.toArray(new VarDataLayout[0]));
    }

    /**
     * Parse a field to its last token.
     *
     * @return offset in the block of the first byte behind the field; 0 of a constant, which takes no bytes.
     */
    private int parseFieldEnd(final int blockLength)
    {
        boolean isConstant = tokens.isConstant();
        final int offset = tokens.offset();
        tokens.next();
        isConstant |= tokens.isConstant();
        final int size = isConstant ? 0 : tokens.size();
        if (!isConstant && (offset < 0 || size < 0 || (long)offset + size > blockLength))
        {
            throw tokens.invalid("a field lies outside its block: offset=" + offset + " size=" + size +
                " blockLength=" + blockLength);
        }

        while (tokens.signal() != SignalCodec.END_FIELD)
        {
            switch (tokens.signal())
            {
                case BEGIN_COMPOSITE, END_COMPOSITE, BEGIN_ENUM, VALID_VALUE, END_ENUM, BEGIN_SET, CHOICE, END_SET,
                    ENCODING -> tokens.next();
                default -> throw tokens.invalid("a field contains " + tokens.signal());
            }
        }

        return isConstant ? 0 : offset + size;
    }

    private GroupLayout parseGroup(final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw tokens.invalid("groups nest deeper than max=" + MAX_DEPTH);
        }

        final String name = tokens.name();
        final int sinceVersion = requireVersion(tokens.sinceVersion());
        final int entryBlockLength = requireLength(tokens.size());

        final HeaderFields fields = parseHeader(BLOCK_LENGTH, NUM_IN_GROUP);
        if (!fields.get(BLOCK_LENGTH).canHold(entryBlockLength))
        {
            throw tokens.invalid("a group's header has no room for blockLength=" + entryBlockLength);
        }

        tokens.next();
        final BlockLayout entry = parseBlock(entryBlockLength, SignalCodec.END_GROUP, depth);

        return new GroupLayout(
            name, sinceVersion, fields.length, fields.get(BLOCK_LENGTH), fields.get(NUM_IN_GROUP), entry);
    }

    private VarDataLayout parseVarData()
    {
        final int sinceVersion = requireVersion(tokens.sinceVersion());
        tokens.next(SignalCodec.BEGIN_COMPOSITE);
        tokens.next(SignalCodec.ENCODING);
        final ScalarField length = tokens.scalar(Long.BYTES);
        if (length.offset() != 0)
        {
            throw tokens.invalid("the length of var data does not come first");
        }

        tokens.next(SignalCodec.ENCODING);
        if (tokens.offset() != length.end())
        {
            throw tokens.invalid("var data does not follow its length at once: offset=" + tokens.offset());
        }

        tokens.next(SignalCodec.END_COMPOSITE);
        tokens.next(SignalCodec.END_VAR_DATA);

        return new VarDataLayout(sinceVersion, length);
    }

    private int requireVersion(final int version)
    {
        if (version < 0)
        {
            throw tokens.invalid("sinceVersion=" + version + " is negative");
        }

        return version;
    }

    private int requireLength(final int length)
    {
        if (length < 0 || length > MAX_LENGTH)
        {
            throw tokens.invalid("length=" + length + " min=0 max=" + MAX_LENGTH);
        }

        return length;
    }

    /**
     * What is needed of a header: its length and some of its integers, by name.
     */
    private record HeaderFields(int length, Map<String, ScalarField> fields)
    {
        ScalarField get(final String name)
        {
            return fields.get(name);
        }
    }
}
