package io.kekbit.sbe;

import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

import java.nio.ByteOrder;

/**
 * What the encoders of a class write to a channel, and how much to claim for it. Looked up once for a message, so that
 * the encoder is not asked for each of these: as soon as an application writes three kinds of messages, asking is an
 * interface call.
 */
final class EncoderSpec
{
    private final String messageName;
    private final MessageHeaderLayout header;
    private final int headerLength;
    // All of the header in one word, where it is SBE's standard one.
    private final boolean isHeaderStandard;
    private final long standardHeader;
    private final int blockLength;
    private final int templateId;
    private final int schemaId;
    private final int schemaVersion;
    private final int minLength;
    private final int maxLength;

    /**
     * @throws IllegalArgumentException where the encoder is not of the format's schema, or of a newer version of it.
     */
    EncoderSpec(final SbeDataFormat format, final MessageEncoderFlyweight encoder)
    {
        header = format.headerLayout();
        blockLength = encoder.sbeBlockLength();
        templateId = encoder.sbeTemplateId();
        schemaId = encoder.sbeSchemaId();
        schemaVersion = encoder.sbeSchemaVersion();

        final MessageLayout message = format.message(templateId);
        if (message == null || schemaId != format.schemaId() || schemaVersion > format.schemaVersion())
        {
            throw new IllegalArgumentException(
                "encoder is not of the channel's schema: encoder=" + encoder.getClass().getName() +
                " schemaId=" + schemaId +
                " version=" + schemaVersion +
                " templateId=" + templateId +
                " format=" + format + ". Make the format from the schema of this encoder.");
        }

        messageName = message.name();
        headerLength = header.length();
        isHeaderStandard = header.isStandard();
        standardHeader = MessageHeaderLayout.standard(blockLength, templateId, schemaId, schemaVersion);
        minLength = headerLength + blockLength;
        maxLength = message.root().isFixedLength() ? minLength : Math.max(minLength, message.maxLength());
    }

    /**
     * The length of message header and root block: no message is shorter.
     */
    int minLength()
    {
        return minLength;
    }

    /**
     * The most that a message can take, as far as its schema tells.
     */
    int maxLength()
    {
        return maxLength;
    }

    /**
     * Whether all messages have the same length.
     */
    boolean isFixedLength()
    {
        return minLength == maxLength;
    }

    /**
     * Refuse a slot in which not even the root block has room, before it is claimed.
     */
    void requireSlotLength(final int slotLength)
    {
        if (slotLength < minLength)
        {
            throw new IllegalArgumentException("slot too short for message header and root block: message=" +
                messageName + " slotLength=" + slotLength + " min=" + minLength);
        }
    }

    /**
     * Make an encoder stand on a slot, behind the message header.
     */
    void wrap(final MessageEncoderFlyweight encoder, final MutableDirectBuffer slot)
    {
        if (isHeaderStandard)
        {
            slot.putLong(0, standardHeader, ByteOrder.LITTLE_ENDIAN);
            // A constant, so that the compiler knows the offset of each field.
            encoder.wrap(slot, MessageHeaderLayout.STANDARD_LENGTH);
        }
        else
        {
            header.write(slot, 0, blockLength, templateId, schemaId, schemaVersion);
            encoder.wrap(slot, headerLength);
        }
    }

    /**
     * Whether an encoder still stands where it was wrapped.
     */
    boolean isInPlace(final MessageEncoderFlyweight encoder, final MutableDirectBuffer slot)
    {
        return encoder.buffer() == slot && encoder.offset() == headerLength;
    }

    @Override
    public String toString()
    {
        return "message=" + messageName + " templateId=" + templateId;
    }
}
