package io.kekbit.sbe;

import io.kekbit.core.Reader;

/**
 * Where a message stands, and what its header says. Belongs to the dispatcher that hands it over, and is reused for the
 * next message.
 */
public final class SbeFrame
{
    private long position;
    private long nextPosition;
    private int length;
    private int templateId;
    private int actingBlockLength;
    private int actingVersion;
    private Reader reader;

    SbeFrame()
    {
    }

    /**
     * Where the record stands in the channel.
     *
     * @return the position in bytes.
     */
    public long position()
    {
        return position;
    }

    /**
     * Where the next record starts: what to store in order to go on after this one.
     *
     * @return the position in bytes.
     */
    public long nextPosition()
    {
        return nextPosition;
    }

    /**
     * The sequence number in the record's envelope.
     *
     * @return the number, or {@link Reader#NOT_TOLD} where the envelope has none, or the dispatcher was not told of the
     * reader, see {@link SbeDispatcher#envelopeFrom(Reader)}.
     */
    public long sequence()
    {
        return reader == null ? Reader.NOT_TOLD : reader.sequence();
    }

    /**
     * The time in the record's envelope.
     *
     * @return the time in ticks since 1970-01-01T00:00Z, or {@link Reader#NOT_TOLD} where the envelope has none, or the
     * dispatcher was not told of the reader, see {@link SbeDispatcher#envelopeFrom(Reader)}.
     */
    public long time()
    {
        return reader == null ? Reader.NOT_TOLD : reader.time();
    }

    /**
     * The length of the record's content: message header, message, and whatever a newer version of the schema put
     * behind. This is the only truth about how long a message is.
     *
     * @return the length in bytes.
     */
    public int length()
    {
        return length;
    }

    /**
     * Which message it is.
     *
     * @return the template id from the message header.
     */
    public int templateId()
    {
        return templateId;
    }

    /**
     * How long the root block is in this message.
     *
     * @return the length in bytes from the message header.
     */
    public int actingBlockLength()
    {
        return actingBlockLength;
    }

    /**
     * With which version of the schema the message was written.
     *
     * @return the version from the message header.
     */
    public int actingVersion()
    {
        return actingVersion;
    }

    @Override
    public String toString()
    {
        return "SbeFrame{position=" + position +
            " nextPosition=" + nextPosition +
            " length=" + length +
            " templateId=" + templateId +
            " actingBlockLength=" + actingBlockLength +
            " actingVersion=" + actingVersion + "}";
    }

    void envelopeFrom(final Reader envelopeReader)
    {
        reader = envelopeReader;
    }

    void record(final long recordPosition, final long positionAfter, final int contentLength)
    {
        position = recordPosition;
        nextPosition = positionAfter;
        length = contentLength;
    }

    void message(final int template, final int blockLength, final int version)
    {
        templateId = template;
        actingBlockLength = blockLength;
        actingVersion = version;
    }
}
