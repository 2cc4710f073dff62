package io.kekbit.core;

import org.agrona.DirectBuffer;

/**
 * Takes the blocks of a channel one by one, see {@link BlockReader#poll(BlockHandler, int)}.
 */
@FunctionalInterface
public interface BlockHandler
{
    /**
     * One block: whole frames, exactly as they stand in the channel's record area, heartbeats included. When this
     * throws, the block counts as not taken.
     * <p>
     * Must not call the reader that calls it, but for {@link BlockReader#close()}.
     *
     * @param buffer    that holds the block: the channel itself, not a copy. Valid until the reader is closed. Do not
     *                  cast it to anything that can be written to: the mapping is read-only, and a store to it ends the
     *                  JVM.
     * @param offset    of the block in the buffer.
     * @param length    of the block in bytes, a multiple of 8, at least 8.
     * @param position  of the block in the channel.
     * @param timeTicks the time that the channel's index tells of the block's first frame, or {@link Reader#NOT_TOLD}
     *                  where it has no entry for it.
     * @return false where the block was not taken, as when what it was to be sent by is busy: it is given again.
     */
    boolean onBlock(DirectBuffer buffer, int offset, int length, long position, long timeTicks);
}
