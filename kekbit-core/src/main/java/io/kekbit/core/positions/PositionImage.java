package io.kekbit.core.positions;

import io.kekbit.core.exceptions.IncompatibleVersionException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.PositionDamagedException;
import io.kekbit.core.layout.PositionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A copy of a position's file that was found to be whole: the one place where such a file is believed.
 */
final class PositionImage
{
    // A copy that is made while somebody stores is whole but for one slot, and now and then for none. Where it is the
    // same twice, nobody stores.
    private static final int MAX_TRIES = 100;

    private final UnsafeBuffer bytes;
    private final Object fileKey;
    private final int slot;

    private PositionImage(final UnsafeBuffer bytes, final Object fileKey, final int slot)
    {
        this.bytes = bytes;
        this.fileKey = fileKey;
        this.slot = slot;
    }

    /**
     * Copy a file, and check all of it.
     *
     * @param file to read, whose name is one that positions have.
     * @throws java.nio.file.NoSuchFileException where there is none.
     */
    static PositionImage read(final Path file) throws IOException
    {
        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            PositionImage image = tryRead(file);
            for (int tries = 1; image.slot < 0; tries++)
            {
                final PositionImage before = image;
                image = tryRead(file);
                if (tries == MAX_TRIES || image.slot < 0 && image.bytes.equals(before.bytes))
                {
                    throw new PositionDamagedException(file, "the checks of both slots are wrong");
                }
            }

            return image;
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static PositionImage tryRead(final Path file) throws IOException
    {
        final Object fileKey = fileKey(file);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[PositionDescriptor.LENGTH]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
        {
            final long length = channel.size();
            if (length != PositionDescriptor.LENGTH)
            {
                throw new PositionDamagedException(
                    file, "length " + length + " instead of " + PositionDescriptor.LENGTH);
            }
            final ByteBuffer destination = ByteBuffer.wrap(bytes.byteArray());
            while (destination.hasRemaining() && channel.read(destination, destination.position()) > 0)
            {
                // A read may be short.
                continue;
            }
        }
        check(file, bytes);

        final long fileCheck = bytes.getLong(PositionDescriptor.CHECK_OFFSET, LITTLE_ENDIAN);
        final int even = PositionDescriptor.slotOffset(0);
        final int odd = PositionDescriptor.slotOffset(1);
        final boolean isEvenValid = PositionDescriptor.isSlotValid(bytes, even, fileCheck);
        final boolean isOddValid = PositionDescriptor.isSlotValid(bytes, odd, fileCheck);
        final boolean isEvenLater = isEvenValid && (!isOddValid || bytes.getLong(even, LITTLE_ENDIAN) >
            bytes.getLong(odd, LITTLE_ENDIAN));

        return new PositionImage(bytes, fileKey, isEvenLater ? even : isOddValid ? odd : -1);
    }

    private static void check(final Path file, final UnsafeBuffer bytes)
    {
        final long signature = bytes.getLong(PositionDescriptor.SIGNATURE_OFFSET, LITTLE_ENDIAN);
        if (signature != PositionDescriptor.SIGNATURE)
        {
            throw new PositionDamagedException(file, "signature 0x" + Long.toHexString(signature));
        }
        // Before the check, which another version may make in another way.
        final int version = bytes.getInt(PositionDescriptor.VERSION_OFFSET, LITTLE_ENDIAN);
        if (version != PositionDescriptor.VERSION)
        {
            throw new IncompatibleVersionException(
                file, (long)PositionDescriptor.VERSION << 48, (version & 0xFFFFL) << 48);
        }
        if (bytes.getLong(PositionDescriptor.CHECK_OFFSET, LITTLE_ENDIAN) != PositionDescriptor.check(bytes))
        {
            throw new PositionDamagedException(file, "the check of what stands before the slots is wrong");
        }
        final String stored = new String(
            bytes.byteArray(), PositionDescriptor.NAME_OFFSET, PositionDescriptor.NAME_LENGTH,
            StandardCharsets.ISO_8859_1).replaceFirst("\0+$", "");
        if (!stored.equals(PositionPath.name(file)))
        {
            throw new PositionDamagedException(
                file, "it is the file of the name " + (PositionPath.isName(stored) ? stored : "that is none"));
        }
    }

    /**
     * The identity of a regular file.
     */
    static Object fileKey(final Path file) throws IOException
    {
        final BasicFileAttributes attributes =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile())
        {
            throw new NotAChannelFileException(file);
        }

        return attributes.fileKey();
    }

    /**
     * The identity of the file that was copied.
     */
    Object fileKey()
    {
        return fileKey;
    }

    StreamIdentity identity()
    {
        return new StreamIdentity(
            bytes.getInt(PositionDescriptor.KIND_OFFSET, LITTLE_ENDIAN),
            bytes.getLong(PositionDescriptor.STREAM_ID_OFFSET, LITTLE_ENDIAN),
            bytes.getLong(PositionDescriptor.CREATION_TIME_OFFSET, LITTLE_ENDIAN));
    }

    long check()
    {
        return bytes.getLong(PositionDescriptor.CHECK_OFFSET, LITTLE_ENDIAN);
    }

    long firstUsedMs()
    {
        return bytes.getLong(PositionDescriptor.FIRST_USED_OFFSET, LITTLE_ENDIAN);
    }

    long sequence()
    {
        return field(PositionDescriptor.SEQUENCE_OFFSET);
    }

    long position()
    {
        return field(PositionDescriptor.POSITION_OFFSET);
    }

    /**
     * The number of records before the position, or -1.
     */
    long records()
    {
        return field(PositionDescriptor.RECORDS_OFFSET);
    }

    long storedAtMs()
    {
        return field(PositionDescriptor.STORED_AT_OFFSET);
    }

    long vouched()
    {
        return field(PositionDescriptor.VOUCHED_OFFSET);
    }

    long writerEpoch()
    {
        return field(PositionDescriptor.WRITER_EPOCH_OFFSET);
    }

    long boot()
    {
        return field(PositionDescriptor.BOOT_OFFSET);
    }

    private long field(final int fieldOffset)
    {
        return bytes.getLong(slot + fieldOffset, LITTLE_ENDIAN);
    }
}
