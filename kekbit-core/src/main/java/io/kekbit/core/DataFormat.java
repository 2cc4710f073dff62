package io.kekbit.core;

import org.agrona.DirectBuffer;

/**
 * What the content of a channel's records is. A channel stores the {@link #id()}, the {@link #mediaType()} and the
 * {@link #schema()} of the format it was made with, so that readers and tools know what they have before them.
 * <p>
 * An application adds a format of its own by implementing this interface; nothing has to be registered. Implementations
 * are immutable, or at least not changed while a channel of theirs is in use, and are shared freely between threads.
 */
public interface DataFormat
{
    /**
     * The number under which a channel stores this format. Ids below 2<sup>32</sup> are reserved for the formats that
     * come with kekbit, 0 means "not told".
     *
     * @return the id, an unsigned number other than 0.
     */
    long id();

    /**
     * The media type that people and tools are shown.
     *
     * @return 1 to 64 characters of ASCII.
     */
    String mediaType();

    /**
     * Whether content that was stored under another description can be read as this format. It is asked once when a
     * reader is opened for this format, and never for a channel that does not tell its format (id 0), which is taken at
     * the caller's word.
     *
     * @param storedId the id that the channel carries.
     * @param schema   the channel's schema section, of capacity 0 where it has none. It comes from the file and can be
     *                 damaged or hostile. Valid only during the call.
     * @return true if the content can be read as this format.
     */
    default boolean accepts(final long storedId, final DirectBuffer schema)
    {
        return storedId == id();
    }

    /**
     * The bytes that describe this format's content for tools that know nothing of it. They are copied into the
     * channel's schema section when it is created, at most 16 MiB.
     *
     * @return the bytes, or null where there is nothing to describe.
     */
    default DirectBuffer schema()
    {
        return null;
    }
}
