package io.kekbit.cli.doctor;

import io.kekbit.cli.support.ChannelTree;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.exceptions.ChannelException;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks at a root folder of channels, and at the file system it is on. Changes nothing there.
 */
final class RootChecks
{
    private static final Set<String> GOOD = Set.of("tmpfs", "ext4", "ext3", "xfs", "apfs");
    private static final Set<String> OVERCOMMITTING = Set.of("btrfs", "zfs", "bcachefs", "f2fs");
    private static final List<String> REMOTE =
        List.of("nfs", "cifs", "smb", "fuse", "9p", "virtiofs", "ceph", "glusterfs", "afs", "lustre", "gpfs", "webdav");
    private static final int WRITABLE_BY_OTHERS = 0002;
    private static final int STICKY = 01000;
    private static final long LITTLE_SPACE = 64L << 20;
    private static final int LITTLE_SPACE_PERCENT = 5;
    private static final int MAX_PROBLEMS_SHOWN = 3;

    private RootChecks()
    {
    }

    static List<Check> run(final Path root) throws IOException
    {
        final List<Check> checks = new ArrayList<>();
        final Path existing = nearestFolder(root);
        checks.add(permissions(root, existing));
        final FileStore store = Files.getFileStore(existing);
        checks.add(fileSystem(store.type(), store.isReadOnly()));
        checks.add(space(store.getUsableSpace(), store.getTotalSpace()));
        checks.add(memory(
            store.type(),
            store.getTotalSpace(),
            store.getUsableSpace(),
            MemoryLimit.ofThisProcess().bytes(),
            availableMemory(Path.of("/proc/meminfo"))));
        if (Files.isDirectory(root))
        {
            checks.add(channels(root));
        }

        return checks;
    }

    /**
     * Whether this user can write channels below a root, and nobody else can interfere.
     */
    private static Check permissions(final Path root, final Path existing) throws IOException
    {
        final String name = "root";
        final String user = "user " + System.getProperty("user.name");
        if (!existing.equals(root.toAbsolutePath().normalize()))
        {
            return Files.exists(root) ?
                Check.problem(name, root + " is a file", "name a folder") :
                Files.isWritable(existing) ?
                    Check.ok(name, root + " does not exist, and can be made in " + existing + " by " + user) :
                    Check.problem(
                        name,
                        root + " does not exist, and " + user + " may not make it in " + existing,
                        "make it and give it to the user who writes: install -d -o USER " + root);
        }
        if (!Files.isReadable(root) || !Files.isExecutable(root))
        {
            return Check.problem(
                name, root + " cannot be read by " + user, "chmod o+rx, or join the group that owns it");
        }
        final int mode = (Integer)Files.getAttribute(root, "unix:mode");
        if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0)
        {
            return Check.problem(
                name,
                root + " is writable by everybody, so that writers refuse it",
                "chmod o-w " + root + ", or chmod +t");
        }
        if (!Files.isWritable(root))
        {
            return Check.warning(
                name, root + " can be read by " + user + ", and not written", "fine for readers; writers need it");
        }

        return Check.ok(name, root + " can be read and written by " + user);
    }

    /**
     * Whether a file system is one that channels are made for.
     */
    static Check fileSystem(final String type, final boolean isReadOnly)
    {
        final String name = "file system";
        final String lower = type.toLowerCase(Locale.ROOT);
        if (isReadOnly)
        {
            return Check.warning(name, type + ", mounted read-only", "fine for readers; writers need another one");
        }
        if (GOOD.contains(lower))
        {
            return Check.ok(name, lower.equals("tmpfs") ?
                type + ": fast; a restart of the machine empties it" : type);
        }
        if (REMOTE.stream().anyMatch(lower::startsWith))
        {
            return Check.problem(
                name,
                type + " is a network or user-space file system: mappings there are not shared as channels need it",
                "use tmpfs, ext4 or XFS");
        }
        if (OVERCOMMITTING.contains(lower))
        {
            return Check.warning(
                name,
                type + " promises space that it may not have when it is written: a full disk then kills the writer",
                "use tmpfs, ext4 or XFS");
        }
        if (lower.equals("overlay"))
        {
            return Check.warning(
                name,
                type + ": a container's own layer, which is slow and lost with the container",
                "mount a volume or a tmpfs for channels");
        }

        return Check.warning(name, type + " is not one that kekbit is tested on", "use tmpfs, ext4 or XFS");
    }

    /**
     * Whether there is room for channels.
     */
    static Check space(final long usable, final long total)
    {
        final String finding = Units.bytes(usable) + " of " + Units.bytes(total) + " free";
        final String advice = "remove channels that are not needed (kekbit list), or choose another root";
        if (usable < LITTLE_SPACE)
        {
            return Check.problem("free space", finding, advice);
        }

        return usable < total / 100 * LITTLE_SPACE_PERCENT ?
            Check.warning("free space", finding, advice) : Check.ok("free space", finding);
    }

    /**
     * Whether the memory that a tmpfs promises is there.
     *
     * @param type      of the file system.
     * @param total     size of the file system in bytes.
     * @param usable    bytes free in it.
     * @param limit     of the container in bytes, if any.
     * @param available memory of the machine in bytes, if known.
     */
    static Check memory(
        final String type,
        final long total,
        final long usable,
        final OptionalLong limit,
        final OptionalLong available)
    {
        final String name = "memory";
        final String limited = limit.isPresent() ?
            "container's limit " + Units.bytes(limit.getAsLong()) : "no container's limit";
        final String free = available.isPresent() ? ", " + Units.bytes(available.getAsLong()) + " available" : "";
        if (!type.equals("tmpfs"))
        {
            return Check.ok(name, limited + free);
        }
        if (limit.isPresent() && total > limit.getAsLong())
        {
            return Check.warning(
                name,
                "tmpfs of " + Units.bytes(total) + " passes the container's limit of " +
                    Units.bytes(limit.getAsLong()) + ", against which its pages count: filling it kills processes",
                "mount it with a size well below the limit (docker --shm-size, emptyDir sizeLimit), or raise that");
        }
        if (available.isPresent() && usable > available.getAsLong())
        {
            return Check.warning(
                name,
                "tmpfs has " + Units.bytes(usable) + " free, of which only " + Units.bytes(available.getAsLong()) +
                    " of memory are there",
                "keep channels smaller than that, or mount the tmpfs with a smaller size");
        }

        return Check.ok(name, "tmpfs of " + Units.bytes(total) + ", " + limited + free);
    }

    /**
     * What the channels below a root need somebody to do.
     */
    private static Check channels(final Path root)
    {
        final String name = "channels";
        final Map<ChannelState, Integer> states = new TreeMap<>();
        final List<String> problems = new ArrayList<>();
        int count = 0;
        try
        {
            for (final Path file : ChannelTree.files(root, (ex) -> problems.add(ErrorPrinter.message(ex))))
            {
                count++;
                try
                {
                    final ChannelStatus status = ChannelStatus.of(file);
                    states.merge(status.state(), 1, Integer::sum);
                    status.problems().forEach((problem) -> problems.add(file + ": " + problem));
                }
                catch (final ChannelException ex)
                {
                    problems.add(ErrorPrinter.message(ex));
                }
            }
        }
        catch (final IOException ex)
        {
            return Check.problem(name, ErrorPrinter.message(ex), "let this user read the folders of channels");
        }

        final String finding = count == 0 ? "none" : count + ": " + states.entrySet().stream()
            .map((entry) -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
        if (!problems.isEmpty())
        {
            return Check.problem(
                name,
                finding + (states.isEmpty() ? "" : ", ") + problems.size() + " with problems: " +
                    String.join("; ", problems.subList(0, Math.min(MAX_PROBLEMS_SHOWN, problems.size()))),
                "look at them with kekbit list and kekbit verify");
        }

        final boolean needSomebody = states.keySet().stream().anyMatch((state) ->
            state == ChannelState.ABANDONED || state == ChannelState.SUSPECT || state == ChannelState.CORRUPT);

        return needSomebody ? Check.warning(
            name, finding, "kekbit list shows them; let a writer resume those abandoned, or kekbit close them") :
            Check.ok(name, finding);
    }

    /**
     * What the kernel says can be taken without swapping.
     */
    static OptionalLong availableMemory(final Path memoryInfo)
    {
        try
        {
            for (final String line : Files.readAllLines(memoryInfo))
            {
                if (line.startsWith("MemAvailable:"))
                {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
                }
            }
        }
        catch (final IOException | NumberFormatException ex)
        {
            // Not Linux.
            return OptionalLong.empty();
        }

        return OptionalLong.empty();
    }

    private static Path nearestFolder(final Path root)
    {
        Path folder = root.toAbsolutePath().normalize();
        while (!Files.isDirectory(folder) && folder.getParent() != null)
        {
            folder = folder.getParent();
        }

        return folder;
    }
}
