package io.kekbit.aeron.replication;

import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Puts the blueprint of a channel together, which comes in parts, one behind the other.
 */
final class BlueprintParts
{
    private static final int MAX_LENGTH = ExtensionDescriptor.MAX_SCHEMA_LENGTH + 64 * 1024;

    // Grows with what came, whatever a source says that will come.
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int total;
    private int length;

    /**
     * Forget what came of a blueprint that is not whole.
     */
    void clear()
    {
        length = 0;
    }

    /**
     * Take the next part.
     *
     * @param totalLength of the blueprint.
     * @param partOffset  of the part in it; 0 begins another one.
     * @param source      that holds the part.
     * @param offset      of the part in the source.
     * @param partLength  of the part.
     * @return the blueprint where this was its last part, else null.
     * @throws IllegalArgumentException where it is not the next part, or all parts together are no blueprint.
     */
    ChannelBlueprint add(
        final int totalLength, final int partOffset, final DirectBuffer source, final int offset, final int partLength)
    {
        if (partOffset == 0)
        {
            total = totalLength;
            length = 0;
        }
        if (partLength <= 0 || totalLength > MAX_LENGTH || totalLength != total || partOffset != length ||
            partLength > totalLength - length)
        {
            throw new IllegalArgumentException(
                "part of a blueprint: offset=" + partOffset + " length=" + partLength + " total=" + totalLength);
        }
        buffer.putBytes(length, source, offset, partLength);
        length += partLength;

        return length == total ? decode() : null;
    }

    private ChannelBlueprint decode()
    {
        length = 0;
        try
        {
            return ChannelBlueprint.decode(buffer, 0, total);
        }
        catch (final ChannelException ex)
        {
            throw new IllegalArgumentException("blueprint of no channel", ex);
        }
    }
}
