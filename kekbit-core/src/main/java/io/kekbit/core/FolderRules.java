package io.kekbit.core;

import io.kekbit.core.exceptions.UnsafeFolderException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What a writer demands of the folders that its files lie in: nobody but their owner and group, and the administrator,
 * may replace a file there. Readers demand nothing, since they believe nothing that a file says.
 * <p>
 * Asked for with every creation and resume, by the numbers that the operating system gives: permission bits, and ids of
 * users, who may have no names in a container.
 */
final class FolderRules
{
    private static final int WRITABLE_BY_OTHERS = 0002;
    private static final int STICKY = 01000;
    private static final int ADMINISTRATOR = 0;
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private FolderRules()
    {
    }

    /**
     * Check the folders of a channel.
     *
     * @param file   of the channel.
     * @param root   of all channels: writable by others only where the sticky bit keeps them from replacing what is
     *               not theirs, as in /tmp and /dev/shm.
     * @param folder of the channel below it: no symbolic link, and not writable by others.
     * @throws UnsafeFolderException where one of them breaks its rule.
     */
    static void check(final Path file, final Path root, final Path folder) throws IOException
    {
        // The root may be reached by any name.
        final int rootMode = number(root.toRealPath(), "mode");
        final boolean isRootShared = (rootMode & WRITABLE_BY_OTHERS) != 0;
        if (isRootShared && (rootMode & STICKY) == 0)
        {
            throw new UnsafeFolderException(file, root, "writable by others, without the sticky bit");
        }
        if (Files.isSymbolicLink(folder))
        {
            throw new UnsafeFolderException(file, folder, "a symbolic link");
        }
        if ((number(folder, "mode") & WRITABLE_BY_OTHERS) != 0)
        {
            throw new UnsafeFolderException(file, folder, "writable by others");
        }

        // In a root that everybody shares, everybody can have made the folder first. Where the system does not tell
        // who runs this process (macOS), the permission to write there has to do.
        final int owner = number(folder, "uid");
        if (isRootShared && owner != ADMINISTRATOR && Files.exists(OWN_PROCESS) && owner != number(OWN_PROCESS, "uid"))
        {
            throw new UnsafeFolderException(file, folder, "owned by another user, uid " + owner);
        }
    }

    private static int number(final Path path, final String attribute) throws IOException
    {
        return (Integer)Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    }
}
