package io.kekbit.core;

import org.agrona.SystemUtil;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Tells one run of the operating system from the next: what was written to a mapping before a restart, and not forced,
 * may be lost. Compares with {@link Extension#bootId()}.
 */
public final class BootId
{
    /**
     * Where the operating system does not tell. Never equal to a run of it, so that nothing is vouched for wrongly.
     */
    public static final UUID UNKNOWN = new UUID(0, 0);

    private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final UUID CURRENT = read();

    private BootId()
    {
    }

    /**
     * The run of the operating system that this process is in.
     *
     * @return the boot id, or {@link #UNKNOWN}.
     */
    public static UUID current()
    {
        return CURRENT;
    }

    /**
     * Whether a file was written on this run of the machine. Where that is not known, it was not.
     *
     * @param bootId that the file holds.
     * @return true if it was.
     */
    public static boolean isCurrent(final UUID bootId)
    {
        return isCurrent(bootId.getMostSignificantBits(), bootId.getLeastSignificantBits());
    }

    /**
     * The same, of an id in two halves: for those who must allocate nothing.
     */
    static boolean isCurrent(final long mostSignificantBits, final long leastSignificantBits)
    {
        return (mostSignificantBits != 0 || leastSignificantBits != 0) &&
            mostSignificantBits == CURRENT.getMostSignificantBits() &&
            leastSignificantBits == CURRENT.getLeastSignificantBits();
    }

    static UUID parse(final String text)
    {
        try
        {
            return UUID.fromString(text.trim());
        }
        catch (final IllegalArgumentException ex)
        {
            return UNKNOWN;
        }
    }

    private static UUID read()
    {
        try
        {
            if (SystemUtil.isMac())
            {
                final Process sysctl = new ProcessBuilder("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid").start();
                return parse(new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            }

            return parse(Files.readString(LINUX_BOOT_ID));
        }
        catch (final IOException ex)
        {
            // Not told: readers then trust only what was forced, which is always right.
            return UNKNOWN;
        }
    }
}
