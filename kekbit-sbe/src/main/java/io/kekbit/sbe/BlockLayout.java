package io.kekbit.sbe;

import org.agrona.DirectBuffer;

/**
 * A block and what follows it: a message's root block with its groups and var data, or an entry of a group with the
 * same. The block has a required length for each version of the schema, since fields were added over time.
 */
final class BlockLayout
{
    /**
     * What {@link #end} answers where the structure does not lie within the message.
     */
    static final int MALFORMED = -1;

    private final int blockLength;
    private final int[] versions;
    private final int[] requiredLengths;
    private final GroupLayout[] groups;
    private final VarDataLayout[] varData;

    /**
     * @param blockLength     as of the newest version.
     * @param versions        at which the block grew, ascending, the first of them 0.
     * @param requiredLengths of the block from each of these versions on, ascending.
     * @param groups          in wire order.
     * @param varData         in wire order.
     */
    BlockLayout(
        final int blockLength,
        final int[] versions,
        final int[] requiredLengths,
        final GroupLayout[] groups,
        final VarDataLayout[] varData)
    {
        this.blockLength = blockLength;
        this.versions = versions;
        this.requiredLengths = requiredLengths;
        this.groups = groups;
        this.varData = varData;
    }

    int blockLength()
    {
        return blockLength;
    }

    /**
     * Whether the block is all there is: neither groups nor var data follow.
     */
    boolean isFixedLength()
    {
        return groups.length == 0 && varData.length == 0;
    }

    /**
     * How long a block has to be so that a decoder finds all fields that its writer knew.
     */
    int requiredLength(final int actingVersion)
    {
        int i = versions.length - 1;
        while (i > 0 && versions[i] > actingVersion)
        {
            i--;
        }

        return requiredLengths[i];
    }

    int groupCount()
    {
        int count = groups.length;
        for (final GroupLayout group : groups)
        {
            count += group.entry.groupCount();
        }

        return count;
    }

    /**
     * The greatest length of block, groups and var data with the greatest counts that the schema allows.
     */
    long maxLength()
    {
        long length = blockLength;
        for (final GroupLayout group : groups)
        {
            length = saturatingAdd(length, group.maxLength(group.numInGroup.maxValue(), group.entry.maxLength()));
        }

        return plusVarData(length);
    }

    /**
     * The greatest length with counts given.
     *
     * @param counts of groups, depth first.
     * @param cursor of one element: the index of the next count to use.
     */
    long maxLength(final int[] counts, final int[] cursor)
    {
        long length = blockLength;
        for (final GroupLayout group : groups)
        {
            final int count = counts[cursor[0]++];
            if (count < 0 || count > group.numInGroup.maxValue())
            {
                throw new IllegalArgumentException(
                    "group count out of range: group=" + group.name + " count=" + count +
                    " max=" + group.numInGroup.maxValue());
            }

            length = saturatingAdd(length, group.maxLength(count, group.entry.maxLength(counts, cursor)));
        }

        return plusVarData(length);
    }

    /**
     * Where the structure ends, by the lengths and counts in the message, none of which is trusted. The work is bounded
     * by the message's length, since each step of a loop consumes a byte at least.
     *
     * @param buffer            that holds the message.
     * @param offset            of the block.
     * @param limit             offset behind the message's last byte.
     * @param actingBlockLength length of the block, as the message tells.
     * @param actingVersion     version of the writer's schema, as the message tells.
     * @return the offset behind the last byte, or {@link #MALFORMED}.
     */
    int end(
        final DirectBuffer buffer,
        final int offset,
        final int limit,
        final long actingBlockLength,
        final int actingVersion)
    {
        if (actingBlockLength < requiredLength(actingVersion) || actingBlockLength > limit - offset)
        {
            return MALFORMED;
        }

        int position = offset + (int)actingBlockLength;
        for (final GroupLayout group : groups)
        {
            if (position == MALFORMED)
            {
                return MALFORMED;
            }

            position = group.sinceVersion > actingVersion ?
                position : group.end(buffer, position, limit, actingVersion);
        }

        for (final VarDataLayout data : varData)
        {
            if (position == MALFORMED)
            {
                return MALFORMED;
            }

            position = data.sinceVersion > actingVersion ? position : data.end(buffer, position, limit);
        }

        return position;
    }

    /**
     * Whether entries consist of their block alone, as far as a writer of that version knew.
     */
    private boolean isFixedLength(final int actingVersion)
    {
        boolean isFixed = true;
        for (final GroupLayout group : groups)
        {
            isFixed &= group.sinceVersion > actingVersion;
        }

        for (final VarDataLayout data : varData)
        {
            isFixed &= data.sinceVersion > actingVersion;
        }

        return isFixed;
    }

    private long plusVarData(final long lengthBefore)
    {
        long length = lengthBefore;
        for (final VarDataLayout data : varData)
        {
            length = saturatingAdd(length, data.length.end());
            length = saturatingAdd(length, data.length.maxValue());
        }

        return length;
    }

    private static long saturatingAdd(final long a, final long b)
    {
        final long sum = a + b;

        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long saturatingMultiply(final long a, final long b)
    {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
    }

    /**
     * A repeating group: a header with the length of each entry's block and the number of entries, then the entries.
     */
    static final class GroupLayout
    {
        private final String name;
        private final int sinceVersion;
        private final int headerLength;
        private final ScalarField blockLength;
        private final ScalarField numInGroup;
        private final BlockLayout entry;

        GroupLayout(
            final String name,
            final int sinceVersion,
            final int headerLength,
            final ScalarField blockLength,
            final ScalarField numInGroup,
            final BlockLayout entry)
        {
            this.name = name;
            this.sinceVersion = sinceVersion;
            this.headerLength = headerLength;
            this.blockLength = blockLength;
            this.numInGroup = numInGroup;
            this.entry = entry;
        }

        private long maxLength(final long count, final long maxEntryLength)
        {
            return saturatingAdd(headerLength, saturatingMultiply(count, maxEntryLength));
        }

        private int end(final DirectBuffer buffer, final int offset, final int limit, final int actingVersion)
        {
            if (headerLength > limit - offset)
            {
                return MALFORMED;
            }

            final long entryBlockLength = blockLength.get(buffer, offset);
            final long count = numInGroup.get(buffer, offset);
            if (entryBlockLength < 0 || count < 0 || Math.max(entryBlockLength, count) > Integer.MAX_VALUE)
            {
                return MALFORMED;
            }

            int position = offset + headerLength;
            if (count == 0)
            {
                return position;
            }

            if (entry.isFixedLength(actingVersion))
            {
                final boolean fits = entryBlockLength >= entry.requiredLength(actingVersion) &&
                    saturatingMultiply(entryBlockLength, count) <= limit - position;

                return fits ? position + (int)(entryBlockLength * count) : MALFORMED;
            }

            for (long i = 0; i < count && position != MALFORMED; i++)
            {
                position = entry.end(buffer, position, limit, entryBlockLength, actingVersion);
            }

            return position;
        }
    }

    /**
     * Data of variable length: its length, then its bytes.
     */
    static final class VarDataLayout
    {
        private final int sinceVersion;
        private final ScalarField length;

        VarDataLayout(final int sinceVersion, final ScalarField length)
        {
            this.sinceVersion = sinceVersion;
            this.length = length;
        }

        private int end(final DirectBuffer buffer, final int offset, final int limit)
        {
            if (length.end() > limit - offset)
            {
                return MALFORMED;
            }

            final int dataOffset = offset + length.end();
            final long dataLength = length.get(buffer, offset);

            return dataLength < 0 || dataLength > limit - dataOffset ? MALFORMED : dataOffset + (int)dataLength;
        }
    }
}
