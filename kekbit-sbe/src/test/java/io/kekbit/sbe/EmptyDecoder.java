package io.kekbit.sbe;

import org.agrona.DirectBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * The decoder of a message without content, of any template, in schema 1.
 */
final class EmptyDecoder implements MessageDecoderFlyweight
{
    private final int templateId;
    private DirectBuffer buffer;
    private int offset;
    private int limit;

    EmptyDecoder(final int templateId)
    {
        this.templateId = templateId;
    }

    @Override
    public MessageDecoderFlyweight wrap(
        final DirectBuffer source, final int sourceOffset, final int actingBlockLength, final int actingVersion)
    {
        buffer = source;
        offset = sourceOffset;
        limit = sourceOffset + actingBlockLength;
        return this;
    }

    @Override
    public int sbeTemplateId()
    {
        return templateId;
    }

    @Override
    public int sbeSchemaId()
    {
        return 1;
    }

    @Override
    public int sbeSchemaVersion()
    {
        return 0;
    }

    @Override
    public int sbeBlockLength()
    {
        return 0;
    }

    @Override
    public String sbeSemanticType()
    {
        return "";
    }

    @Override
    public DirectBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int offset()
    {
        return offset;
    }

    @Override
    public int encodedLength()
    {
        return limit - offset;
    }

    @Override
    public int limit()
    {
        return limit;
    }

    @Override
    public void limit(final int newLimit)
    {
        limit = newLimit;
    }

    @Override
    public StringBuilder appendTo(final StringBuilder builder)
    {
        return builder.append(templateId);
    }
}
