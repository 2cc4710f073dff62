package io.kekbit.sbe.ir;

import io.kekbit.sbe.SbeDataFormat;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.OtfMessageDecoder;

import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a schema, each as the tokens that sbe-tool's decoder goes by.
 */
final class MessageTokens
{
    private final Int2ObjectHashMap<List<Token>> tokensByTemplate = new Int2ObjectHashMap<>();
    private final List<MessageDescription> descriptions;

    MessageTokens(final SbeDataFormat format)
    {
        final List<MessageDescription> described = new ArrayList<>();
        new IrReader(format).messages().forEach((templateId, tokens) ->
        {
            tokensByTemplate.put((int)templateId, new ArrayList<>(tokens));
            described.add(Descriptions.of(tokens));
        });
        descriptions = List.copyOf(described);
    }

    List<MessageDescription> descriptions()
    {
        return descriptions;
    }

    boolean has(final int templateId)
    {
        return tokensByTemplate.containsKey(templateId);
    }

    /**
     * Walk over a message that has been found to lie within its bytes.
     *
     * @param templateId  of a message that the schema has.
     * @param offset      of the root block.
     * @param maxValues   after how many values to give up.
     * @return false where it gave up.
     */
    boolean walk(
        final int templateId,
        final DirectBuffer buffer,
        final int offset,
        final int actingVersion,
        final int blockLength,
        final MessageVisitor visitor,
        final long maxValues)
    {
        try
        {
            OtfMessageDecoder.decode(
                buffer,
                offset,
                actingVersion,
                blockLength,
                tokensByTemplate.get(templateId),
                new VisitingListener(visitor, actingVersion, maxValues));
        }
        catch (final LimitReached ex)
        {
            return false;
        }

        return true;
    }
}
