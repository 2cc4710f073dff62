package io.kekbit.sbe;

import io.kekbit.sbe.BlockLayout.GroupLayout;
import io.kekbit.sbe.BlockLayout.VarDataLayout;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes the layouts of a schema's messages from its serialised form, by this grammar:
 * <pre>
 * schema   = header message*
 * header   = BEGIN_COMPOSITE ENCODING* END_COMPOSITE
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

    private final IrTokens tokens;
    private final Int2ObjectHashMap<MessageLayout> messages = new Int2ObjectHashMap<>();
    private final MessageHeaderLayout header;
    private ByteOrder byteOrder;

    /**
     * @throws InvalidSchemaException where the bytes are not a schema.
     */
    IrParser(final DirectBuffer ir)
    {
        tokens = new IrTokens(ir);
        header = parseMessageHeader();
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

    private MessageHeaderLayout parseMessageHeader()
    {
        tokens.next(SignalCodec.BEGIN_COMPOSITE);
        final int length = requireLength(tokens.size());
        ScalarField blockLength = null;
        ScalarField templateId = null;
        ScalarField schemaId = null;
        ScalarField version = null;

        for (tokens.next(); tokens.signal() != SignalCodec.END_COMPOSITE; tokens.next())
        {
            switch (tokens.name())
            {
                case "blockLength" -> blockLength = tokens.scalar(length);
                case "templateId" -> templateId = tokens.scalar(length);
                case "schemaId" -> schemaId = tokens.scalar(length);
                case "version" -> version = tokens.scalar(length);
                default -> skipHeaderField();
            }

            if (byteOrder == null)
            {
                byteOrder = tokens.byteOrder();
            }
        }

        if (blockLength == null || templateId == null || schemaId == null || version == null)
        {
            throw tokens.invalid("the message header lacks blockLength, templateId, schemaId or version");
        }

        return new MessageHeaderLayout(length, blockLength, templateId, schemaId, version);
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

        tokens.next(SignalCodec.BEGIN_COMPOSITE);
        final int headerLength = requireLength(tokens.size());
        ScalarField blockLength = null;
        ScalarField numInGroup = null;
        for (tokens.next(); tokens.signal() != SignalCodec.END_COMPOSITE; tokens.next())
        {
            switch (tokens.name())
            {
                case "blockLength" -> blockLength = tokens.scalar(headerLength);
                case "numInGroup" -> numInGroup = tokens.scalar(headerLength);
                default -> skipHeaderField();
            }
        }

        if (blockLength == null || numInGroup == null)
        {
            throw tokens.invalid("a group's header lacks blockLength or numInGroup: group=" + name);
        }

        if (!blockLength.canHold(entryBlockLength))
        {
            throw tokens.invalid("a group's header has no room for blockLength=" + entryBlockLength);
        }

        tokens.next();
        final BlockLayout entry = parseBlock(entryBlockLength, SignalCodec.END_GROUP, depth);

        return new GroupLayout(name, sinceVersion, headerLength, blockLength, numInGroup, entry);
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

    private void skipHeaderField()
    {
        switch (tokens.signal())
        {
            case ENCODING, BEGIN_ENUM, VALID_VALUE, END_ENUM, BEGIN_SET, CHOICE, END_SET ->
            {
            }
            default -> throw tokens.invalid("a header contains " + tokens.signal());
        }
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
}
