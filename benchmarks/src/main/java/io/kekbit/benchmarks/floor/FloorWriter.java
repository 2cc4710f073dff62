package io.kekbit.benchmarks.floor;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Appends records by hand. Belongs to one thread.
 */
public interface FloorWriter
{
    /**
     * Append a record by copying its content.
     *
     * @param source that holds the content.
     * @param offset of the content in the source.
     * @param length of the content in bytes, at least 1.
     * @return false where there is no room.
     */
    boolean append(DirectBuffer source, int offset, int length);

    /**
     * Find room for a record that is encoded in place.
     *
     * @param length of the content in bytes.
     * @return false where there is no room.
     */
    boolean claim(int length);

    /**
     * Where to encode.
     *
     * @return the buffer, in which {@link #slotOffset()} is where the content goes.
     */
    MutableDirectBuffer slot();

    /**
     * Where to encode.
     *
     * @return the offset in bytes in {@link #slot()}.
     */
    int slotOffset();

    /**
     * Publish what was encoded.
     *
     * @param length of the content in bytes.
     */
    void commit(int length);
}
