package io.kekbit.core.positions;

import io.kekbit.core.BootId;
import io.kekbit.core.FileLease;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.PositionDamagedException;
import io.kekbit.core.exceptions.PositionInUseException;
import io.kekbit.core.exceptions.PositionMismatchException;
import io.kekbit.core.layout.PositionDescriptor;
import org.agrona.IoUtil;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The file of a name, held by the one reader of that name: mapped, so that storing a position is a few stores to
 * memory, which outlive the process whatever it dies of. Belongs to one thread.
 */
final class PositionFile implements AutoCloseable
{
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    private static final Set<OpenOption> CREATE_NEW =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path file;
    private final FileLease lease;
    private final Object fileKey;
    private final long fileCheck;
    private final long boot;
    private final boolean isNew;
    private final long foundEpoch;
    private final boolean isOfThisBoot;
    private final UnsafeBuffer buffer;
    private MappedByteBuffer mapped;

    private long sequence;
    private long position;
    private long records;
    private long storedAtMs;
    private long vouched;
    private long writerEpoch;
    private long checkStart;

    private PositionFile(
        final Path file,
        final FileLease lease,
        final PositionImage image,
        final boolean isNew,
        final MappedByteBuffer mapped)
    {
        this.file = file;
        this.lease = lease;
        this.isNew = isNew;
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
        fileKey = image.fileKey();
        fileCheck = image.check();
        boot = currentBoot();
        foundEpoch = image.writerEpoch();
        isOfThisBoot = boot != 0 && boot == image.boot();
        sequence = image.sequence();
        position = image.position();
        records = image.records();
        vouched = image.vouched();
        refresh(image.storedAtMs(), vouched, foundEpoch);
    }

    /**
     * Hold the file of a name, and make it where there is none.
     *
     * @param folder   of the names, which is made if need be.
     * @param name     of the reader.
     * @param identity of the stream that it reads.
     * @param position at which a new name begins.
     * @param epoch    the writer epoch of the stream.
     * @param nowMs    time since 1970-01-01T00:00Z.
     * @throws PositionInUseException    where a living reader has the name.
     * @throws PositionMismatchException where the name is one of another stream.
     * @throws PositionDamagedException  where the file is damaged.
     * @throws ChannelAccessException    where the operating system refused.
     */
    static PositionFile open(
        final Path folder,
        final String name,
        final StreamIdentity identity,
        final long position,
        final long epoch,
        final long nowMs)
    {
        final Path file = PositionPath.file(folder, name);
        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            createFolder(folder);
            final FileLease lease = FileLease.tryAcquire(PositionPath.lockFile(file));
            if (lease == null)
            {
                throw new PositionInUseException(file);
            }
            try
            {
                final boolean isNew = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
                if (isNew)
                {
                    create(file, content(name, identity, position, epoch, nowMs));
                }

                return open(file, lease, identity, isNew);
            }
            catch (final Throwable ex)
            {
                lease.close();
                throw ex;
            }
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "open the named position", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static PositionFile open(
        final Path file, final FileLease lease, final StreamIdentity identity, final boolean isNew) throws IOException
    {
        final PositionImage image = PositionImage.read(file);
        if (!identity.equals(image.identity()))
        {
            throw new PositionMismatchException(file, identity.toString(), image.identity().toString());
        }
        if (image.position() < 0)
        {
            throw new PositionDamagedException(file, "position " + image.position());
        }

        final MappedByteBuffer mapped = map(file);
        // Nothing was stored yet: what replaced the file meanwhile, by a link for one, is not written to.
        boolean isTheSame = false;
        try
        {
            isTheSame = image.fileKey().equals(PositionImage.fileKey(file)) &&
                Files.size(file) == PositionDescriptor.LENGTH;
            if (!isTheSame)
            {
                throw new PositionDamagedException(file, "it was replaced while it was opened");
            }
        }
        finally
        {
            if (!isTheSame)
            {
                IoUtil.unmap(mapped);
            }
        }

        return new PositionFile(file, lease, image, isNew, mapped);
    }

    private static MappedByteBuffer map(final Path file) throws IOException
    {
        try
        {
            return IoUtil.mapExistingFile(
                file.toFile(), FileChannel.MapMode.READ_WRITE, "named position", 0, PositionDescriptor.LENGTH);
        }
        catch (final IllegalStateException ex)
        {
            throw new NoSuchFileException(file.toString(), null, ex.getMessage());
        }
    }

    private static void createFolder(final Path folder) throws IOException
    {
        try
        {
            Files.createDirectories(folder, FOLDER_MODE);
        }
        catch (final FileAlreadyExistsException ex)
        {
            // A link to a folder will do.
            if (!Files.isDirectory(folder))
            {
                throw ex;
            }
        }
    }

    /**
     * Make the file, whole or not at all, so that it survives the loss of power. Under the lock, so that nobody else
     * does the same; what a maker left that was killed here is replaced.
     */
    private static void create(final Path file, final UnsafeBuffer content) throws IOException
    {
        final Path temporary = PositionPath.temporaryFile(file);
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, FILE_MODE))
        {
            final ByteBuffer source = ByteBuffer.wrap(content.byteArray());
            while (source.hasRemaining())
            {
                channel.write(source, source.position());
            }
            channel.force(true);
        }
        catch (final Throwable ex)
        {
            Files.deleteIfExists(temporary);
            throw ex;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        final Path folder = file.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    private static UnsafeBuffer content(
        final String name, final StreamIdentity identity, final long position, final long epoch, final long nowMs)
    {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[PositionDescriptor.LENGTH]);
        content.putLong(PositionDescriptor.SIGNATURE_OFFSET, PositionDescriptor.SIGNATURE, LITTLE_ENDIAN);
        content.putInt(PositionDescriptor.VERSION_OFFSET, PositionDescriptor.VERSION, LITTLE_ENDIAN);
        content.putInt(PositionDescriptor.KIND_OFFSET, identity.kind(), LITTLE_ENDIAN);
        content.putLong(PositionDescriptor.STREAM_ID_OFFSET, identity.id(), LITTLE_ENDIAN);
        content.putLong(PositionDescriptor.CREATION_TIME_OFFSET, identity.creationTime(), LITTLE_ENDIAN);
        content.putLong(PositionDescriptor.FIRST_USED_OFFSET, nowMs, LITTLE_ENDIAN);
        content.putBytes(PositionDescriptor.NAME_OFFSET, name.getBytes(StandardCharsets.US_ASCII));
        final long check = PositionDescriptor.check(content);
        content.putLong(PositionDescriptor.CHECK_OFFSET, check, LITTLE_ENDIAN);
        PositionDescriptor.putSlot(content, check, 1, position, -1, nowMs, 0, epoch, currentBoot());

        return content;
    }

    private static long currentBoot()
    {
        final UUID bootId = BootId.current();

        return BootId.isCurrent(bootId) ?
            bootId.getMostSignificantBits() ^ Long.rotateLeft(bootId.getLeastSignificantBits(), 32) : 0;
    }

    Path file()
    {
        return file;
    }

    /**
     * Whether there was no such name before.
     */
    boolean isNew()
    {
        return isNew;
    }

    /**
     * Whether what was found had been stored by this run of the operating system, so that no loss of power lies
     * between.
     */
    boolean isOfThisBoot()
    {
        return isOfThisBoot;
    }

    /**
     * The writer epoch that was found.
     */
    long foundEpoch()
    {
        return foundEpoch;
    }

    /**
     * The position stored last, or found.
     */
    long position()
    {
        return position;
    }

    /**
     * The number of records before the position stored last, or found; -1 where it is not known.
     */
    long records()
    {
        return records;
    }

    long storedAtMs()
    {
        return storedAtMs;
    }

    /**
     * The vouched position stored last, or found.
     */
    long vouched()
    {
        return vouched;
    }

    /**
     * What is stored from now on beside each position.
     *
     * @param nowMs           time since 1970-01-01T00:00Z.
     * @param vouchedPosition below which nothing of the stream can be lost.
     * @param epoch           the writer epoch of the stream.
     */
    void refresh(final long nowMs, final long vouchedPosition, final long epoch)
    {
        storedAtMs = nowMs;
        vouched = vouchedPosition;
        writerEpoch = epoch;
        checkStart = PositionDescriptor.slotCheckStart(fileCheck, nowMs, vouchedPosition, epoch, boot);
    }

    /**
     * Store a position.
     *
     * @param newPosition behind the last record handled.
     * @param newRecords  number of records before it, or -1.
     */
    void store(final long newPosition, final long newRecords)
    {
        final UnsafeBuffer buffer = this.buffer;
        final long next = sequence + 1;
        final int offset = PositionDescriptor.slotOffset(next);
        // The slot before is whole before this one is touched.
        VarHandle.storeStoreFence();
        buffer.putLong(offset + PositionDescriptor.SEQUENCE_OFFSET, next, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.POSITION_OFFSET, newPosition, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.RECORDS_OFFSET, newRecords, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.STORED_AT_OFFSET, storedAtMs, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.VOUCHED_OFFSET, vouched, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.WRITER_EPOCH_OFFSET, writerEpoch, LITTLE_ENDIAN);
        buffer.putLong(offset + PositionDescriptor.BOOT_OFFSET, boot, LITTLE_ENDIAN);
        buffer.putLongRelease(
            offset + PositionDescriptor.SLOT_CHECK_OFFSET,
            PositionDescriptor.slotCheck(checkStart, next, newPosition, newRecords));
        sequence = next;
        position = newPosition;
        records = newRecords;
    }

    /**
     * Force what was stored to the device.
     *
     * @throws ChannelAccessException where the device did not take it.
     */
    void force()
    {
        try
        {
            mapped.force();
        }
        catch (final UncheckedIOException ex)
        {
            throw new ChannelAccessException(file, "force the named position", ex.getCause());
        }
    }

    /**
     * Let go of the file and the name. What was stored stays. Further calls do nothing.
     */
    @Override
    public void close()
    {
        final MappedByteBuffer old = mapped;
        if (old == null)
        {
            return;
        }
        mapped = null;
        try
        {
            buffer.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
            // A fault that the JVM has yet to tell of would end it while unmapping: the garbage collector does it then.
            if (!isTruncated())
            {
                IoUtil.unmap(old);
            }
        }
        finally
        {
            lease.close();
        }
    }

    private boolean isTruncated()
    {
        try
        {
            return Files.size(file) < PositionDescriptor.LENGTH && fileKey.equals(PositionImage.fileKey(file));
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
