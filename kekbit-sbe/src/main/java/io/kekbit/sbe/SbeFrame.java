package io.kekbit.sbe;

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
