package io.kekbit.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory this process may take: the limit that the kernel keeps its control group to, which is how a container
 * is limited. Pages of tmpfs count as memory of the group that touches them first.
 */
final class MemoryLimit
{
    private static final String V2_PREFIX = "0::";

    /**
     * Version 1 says "no limit" with about 2^63.
     */
    private static final long NO_LIMIT = 1L << 60;

    private final Path processGroups;
    private final Path groups;

    /**
     * @param processGroups which groups this process is in, {@code /proc/self/cgroup}.
     * @param groups        where they are mounted, {@code /sys/fs/cgroup}.
     */
    MemoryLimit(final Path processGroups, final Path groups)
    {
        this.processGroups = processGroups;
        this.groups = groups;
    }

    /**
     * That of this process.
     */
    static MemoryLimit ofThisProcess()
    {
        return new MemoryLimit(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    /**
     * The limit, that of the groups around the process's own included.
     *
     * @return the limit in bytes; empty where there is none or the system does not tell.
     */
    OptionalLong bytes()
    {
        final List<String> lines;
        try
        {
            lines = Files.readAllLines(processGroups);
        }
        catch (final IOException ex)
        {
            // No Linux: nothing is limited this way.
            return OptionalLong.empty();
        }

        long least = Long.MAX_VALUE;
        for (final String line : lines)
        {
            if (line.startsWith(V2_PREFIX))
            {
                least = Math.min(least, leastUpwards(groups, line.substring(V2_PREFIX.length()), "memory.max"));
                continue;
            }
            final String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory"))
            {
                least = Math.min(
                    least, leastUpwards(groups.resolve("memory"), parts[2], "memory.limit_in_bytes"));
            }
        }

        return least >= NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(least);
    }

    /**
     * The least limit of a group and those around it. In a container the path may be one of the host's, of which only
     * the mount itself is seen.
     */
    private static long leastUpwards(final Path mount, final String group, final String file)
    {
        long least = Long.MAX_VALUE;
        Path folder = mount.resolve(group.replaceFirst("^/+", "")).normalize();
        while (folder != null && folder.startsWith(mount))
        {
            least = Math.min(least, limit(folder.resolve(file)));
            folder = folder.getParent();
        }

        return least;
    }

    private static long limit(final Path file)
    {
        try
        {
            return Long.parseLong(Files.readString(file).trim());
        }
        catch (final IOException | NumberFormatException ex)
        {
            // No such group here, or "max".
            return Long.MAX_VALUE;
        }
    }
}
