package io.kekbit.core;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A small file system of its own, which can really be filled up. Mounting one takes root; for others the test is
 * skipped, which is printed once.
 */
final class SmallDisk implements AutoCloseable
{
    /**
     * What kind of file system.
     */
    enum Kind
    {
        /** In memory. */
        TMPFS,
        /** In a file, on a loop device. */
        EXT4
    }

    private static final int TMPFS_LENGTH = 1024 * 1024;
    private static final int EXT4_LENGTH = 8 * 1024 * 1024;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final Set<Kind> SAID = EnumSet.noneOf(Kind.class);
    private static final Set<Kind> MOUNTED = EnumSet.noneOf(Kind.class);

    private final Path mountPoint;

    private SmallDisk(final Path mountPoint)
    {
        this.mountPoint = mountPoint;
    }

    static SmallDisk mount(final Kind kind, final Path folder) throws IOException
    {
        return mount(kind, folder, kind == Kind.TMPFS ? TMPFS_LENGTH : EXT4_LENGTH);
    }

    /**
     * Mount one of a given length in bytes, whole kibibytes.
     */
    static SmallDisk mount(final Kind kind, final Path folder, final int length) throws IOException
    {
        final Path mountPoint = Files.createDirectory(folder.resolve("disk"));
        final boolean isMounted;
        if (kind == Kind.TMPFS)
        {
            isMounted = run("mount", "-t", "tmpfs", "-o", "size=" + length, "tmpfs", mountPoint.toString());
        }
        else
        {
            final String image = folder.resolve("image").toString();
            isMounted = run("mkfs.ext4", "-q", "-F", "-m", "0", image, length / 1024 + "k") &&
                run("mount", "-o", "loop", image, mountPoint.toString());
        }
        if (!isMounted && SAID.add(kind))
        {
            System.out.println("skipped: a full " + kind.name().toLowerCase() + ", since it could not be mounted here");
        }
        Assumptions.assumeTrue(isMounted, "mounting a file system takes root");
        MOUNTED.add(kind);

        return new SmallDisk(mountPoint);
    }

    /**
     * The kinds that could be mounted.
     */
    static Set<Kind> mounted()
    {
        return MOUNTED;
    }

    Path root()
    {
        return mountPoint;
    }

    long usable() throws IOException
    {
        return Files.getFileStore(mountPoint).getUsableSpace();
    }

    /**
     * Take whatever space is left, to the last block.
     *
     * @return the file that takes it.
     */
    Path fillUp() throws IOException
    {
        final Path rest = mountPoint.resolve("rest");
        for (int length = 65_536; length > 0; length /= 2)
        {
            try (OutputStream out = Files.newOutputStream(
                rest, StandardOpenOption.CREATE, StandardOpenOption.APPEND))
            {
                final byte[] bytes = new byte[length];
                while (true)
                {
                    out.write(bytes);
                }
            }
            catch (final IOException ex)
            {
                assertTrue(ex.getMessage().contains("No space left"), ex.getMessage());
            }
        }

        return rest;
    }

    @Override
    public void close()
    {
        final String name = mountPoint.toString();
        boolean isUnmounted = run("umount", name);
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!isUnmounted && System.nanoTime() - deadlineNs < 0)
        {
            // The JDK itself lets go of a mapping of its own only when it is collected.
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            isUnmounted = run("umount", name);
        }
        if (!isUnmounted)
        {
            // Only so that nothing stays mounted: something there is still open or mapped.
            run("umount", "-l", name);
        }
        assertTrue(isUnmounted, "something is still open or mapped below " + name);
    }

    private static boolean run(final String... command)
    {
        try
        {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        }
        catch (final IOException ex)
        {
            // There is no such command.
            return false;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }
}
