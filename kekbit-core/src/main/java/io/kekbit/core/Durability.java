package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * How far the content of a channel outlived a restart of the machine.
 */
final class Durability
{
    private Durability()
    {
    }

    /**
     * The position from which on nothing vouches for the content: after a restart of the machine that is the durable
     * position, unless the close marker stands there, which is stored only when all before it is on the device.
     *
     * @param buffer     the mapping of a channel with an extension. It is looked at, and not what was in it on opening,
     *                   since a writer may have taken the channel over meanwhile.
     * @param recordsEnd position that no record reaches beyond.
     * @return the position, or {@link Integer#MAX_VALUE} where the machine was not restarted or the channel was closed.
     */
    static int firstSuspect(final UnsafeBuffer buffer, final int recordsEnd)
    {
        final long bootId = buffer.getLong(ExtensionDescriptor.BOOT_ID_OFFSET, BIG_ENDIAN);
        if (BootId.isCurrent(bootId, buffer.getLong(ExtensionDescriptor.BOOT_ID_OFFSET + Long.BYTES, BIG_ENDIAN)))
        {
            return Integer.MAX_VALUE;
        }

        final long stored = buffer.getLongAcquire(ExtensionDescriptor.DURABLE_POSITION_OFFSET);
        final boolean isPossible =
            stored >= 0 && stored <= recordsEnd && BitUtil.isAligned(stored, RecordDescriptor.ALIGNMENT);
        final int durable = isPossible ? (int)stored : 0;
        final long word = buffer.getLongAcquire(RecordDescriptor.RECORD_AREA_OFFSET + durable);

        return word == RecordDescriptor.CLOSE ? Integer.MAX_VALUE : durable;
    }
}
