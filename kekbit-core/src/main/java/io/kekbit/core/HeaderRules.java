package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelIdMismatchException;
import io.kekbit.core.exceptions.ChannelTooLargeException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.IncompatibleVersionException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.UnsupportedFeatureException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.OptionalLong;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Every rule that the first 1024 bytes of a file have to keep before anything else of it is looked at.
 */
final class HeaderRules
{
    private static final String DAMAGED = "The file is damaged, or was not made by kekbit: bring back a copy";

    private HeaderRules()
    {
    }

    /**
     * Check the rules, in the order of the format's description.
     *
     * @param file       that it is about.
     * @param buffer     the first bytes of the file, at least those of the header.
     * @param fileLength in bytes.
     * @param channelId  by which the file is opened, if it is by one.
     * @return the header.
     */
    static Header check(
        final Path file, final DirectBuffer buffer, final long fileLength, final OptionalLong channelId)
    {
        final long signature = HeaderDescriptor.signature(buffer);
        if (signature != HeaderDescriptor.SIGNATURE)
        {
            throw new InvalidSignatureException(file, HeaderDescriptor.SIGNATURE, signature);
        }

        final long version = HeaderDescriptor.version(buffer);
        if (Long.compareUnsigned(version, HeaderDescriptor.VERSION) > 0)
        {
            throw new IncompatibleVersionException(file, HeaderDescriptor.VERSION, version);
        }

        final long storedId = HeaderDescriptor.channelId(buffer);
        if (storedId != channelId.orElse(storedId))
        {
            throw new ChannelIdMismatchException(file, channelId.getAsLong(), storedId);
        }

        final long capacity = HeaderDescriptor.capacity(buffer);
        if (capacity < HeaderDescriptor.MIN_CAPACITY || !BitUtil.isAligned(capacity, RecordDescriptor.ALIGNMENT))
        {
            throw new InvalidHeaderException(
                file, "capacity=" + capacity + " min=" + HeaderDescriptor.MIN_CAPACITY + " alignment=8", DAMAGED);
        }

        if (fileLength < capacity + RecordDescriptor.MIN_FILE_OVERHEAD)
        {
            throw new FileTooShortException(file, capacity + RecordDescriptor.MIN_FILE_OVERHEAD, fileLength);
        }

        if (capacity > HeaderDescriptor.MAX_CAPACITY)
        {
            throw new ChannelTooLargeException(file, capacity, HeaderDescriptor.MAX_CAPACITY);
        }

        final long maxRecordLength = HeaderDescriptor.maxRecordLength(buffer);
        final long greatest = HeaderDescriptor.greatestMaxRecordLength(capacity);
        if (maxRecordLength < HeaderDescriptor.MIN_MAX_RECORD_LENGTH || maxRecordLength > greatest ||
            !BitUtil.isAligned(maxRecordLength, RecordDescriptor.ALIGNMENT))
        {
            throw new InvalidHeaderException(
                file,
                "maxRecordLength=" + maxRecordLength + " min=" + HeaderDescriptor.MIN_MAX_RECORD_LENGTH + " max=" +
                    greatest + " alignment=8",
                DAMAGED);
        }

        final TickUnit tickUnit = TickUnit.fromCode(HeaderDescriptor.tickUnit(buffer));
        if (tickUnit == null)
        {
            throw new InvalidHeaderException(
                file, "tickUnit=" + HeaderDescriptor.tickUnit(buffer) + " allowed=9,6,3,0", DAMAGED);
        }

        if (ExtensionDescriptor.isPresent(buffer))
        {
            checkExtended(file, buffer, fileLength, capacity);
        }

        return new Header(
            HeaderDescriptor.writerId(buffer),
            storedId,
            (int)capacity,
            (int)maxRecordLength,
            HeaderDescriptor.timeout(buffer),
            HeaderDescriptor.creationTime(buffer),
            tickUnit);
    }

    private static void checkExtended(
        final Path file, final DirectBuffer buffer, final long fileLength, final long capacity)
    {
        final int unknownFeatures = buffer.getInt(ExtensionDescriptor.REQUIRED_FEATURES_OFFSET, LITTLE_ENDIAN) &
            ~ExtensionDescriptor.KNOWN_REQUIRED_FEATURES;
        if (unknownFeatures != 0)
        {
            throw new UnsupportedFeatureException(file, unknownFeatures);
        }

        if (fileLength < RecordDescriptor.wholeFileLength(capacity))
        {
            throw new FileTooShortException(file, RecordDescriptor.wholeFileLength(capacity), fileLength);
        }
    }
}
