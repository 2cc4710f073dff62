package io.kekbit.core;

import io.kekbit.core.exceptions.UnsafeFolderException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What a writer demands of the folders that its files lie in: that nobody but their owner, their group and the
 * administrator may replace a file there. Trusted are that owner and that group, whoever they are, and whoever may
 * write to the folders above the root. Readers demand nothing, since they believe nothing that a file says.
 * <p>
 * Asked for with every creation and resume, by the numbers that the operating system gives: permission bits, and ids of
 * users, who may have no names in a container.
 */
final class FolderRules
{
    private static final int WRITABLE_BY_OTHERS = 0002;
    private static final int STICKY = 01000;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int ADMINISTRATOR = 0;
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private FolderRules()
    {
    }

    /**
     * Check the folders of a channel.
     *
     * @param files  to work on.
     * @param file   of the channel.
     * @param root   of all channels: writable by others only where the sticky bit keeps them from replacing what is
     *               not theirs, as in /tmp and /dev/shm.
     * @param folder of the channel below it: no symbolic link, and not writable by others.
     * @throws UnsafeFolderException where one of them breaks its rule.
     */
    static void check(final ChannelFiles files, final Path file, final Path root, final Path folder)
        throws IOException
    {
        // The root may be reached by any name.
        final int rootMode = files.unixNumber(root, "mode");
        final boolean isRootShared = (rootMode & WRITABLE_BY_OTHERS) != 0;
        if (isRootShared && (rootMode & STICKY) == 0)
        {
            throw new UnsafeFolderException(
                file,
                root,
                "writable by others, without the sticky bit",
                "Take that from them (chmod o-w), set the sticky bit (chmod +t), or choose a root of your own");
        }
        final int folderMode = files.unixNumber(folder, "mode", LinkOption.NOFOLLOW_LINKS);
        if ((folderMode & FILE_TYPE) == SYMBOLIC_LINK)
        {
            throw new UnsafeFolderException(
                file, folder, "a symbolic link", "Put a folder there, or choose another root");
        }
        if ((folderMode & WRITABLE_BY_OTHERS) != 0)
        {
            throw new UnsafeFolderException(
                file,
                folder,
                "writable by others",
                (folderMode & STICKY) == 0 ? "Take that from them (chmod o-w)" :
                    "It is meant to be, by its sticky bit: move the channel into a folder of your own");
        }

        // In a root that everybody shares, everybody can have made the folder first. Where the system does not tell
        // who runs this process (macOS), the permission to write there has to do.
        if (isRootShared && Files.exists(OWN_PROCESS))
        {
            final int owner = files.unixNumber(folder, "uid", LinkOption.NOFOLLOW_LINKS);
            // Followed: the link itself belongs to the administrator.
            if (owner != ADMINISTRATOR && owner != files.unixNumber(OWN_PROCESS, "uid"))
            {
                throw new UnsafeFolderException(
                    file, folder, "owned by another user, uid " + owner, "Choose a root of your own");
            }
        }
    }
}
