package io.kekbit.cli.doctor;

import io.kekbit.cli.support.Units;
import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Looks at the machine and at Java.
 */
final class HostChecks
{
    private static final String FLAG = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final Path CLOCK_SOURCE =
        Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    private static final Set<String> FAST_CLOCKS = Set.of(
        "tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "timebase", "riscv_clocksource");
    private static final Instant EARLIEST_PLAUSIBLE = Instant.parse("2025-01-01T00:00:00Z");

    private HostChecks()
    {
    }

    static List<Check> run()
    {
        return List.of(java(), flag(), platform(), processors(), clock(Instant.now(), clockSource()));
    }

    private static Check java()
    {
        return Check.ok("java", System.getProperty("java.version") + " of " + System.getProperty("java.vendor") +
            ", " + System.getProperty("java.home"));
    }

    private static Check flag()
    {
        return Object.class.getModule().isExported("jdk.internal.misc", IoUtil.class.getModule()) ?
            Check.ok("flag", "this command has the one that Agrona needs; programs of yours start with " + FLAG) :
            Check.problem("flag", "the one that Agrona needs is missing", "start the JVM with " + FLAG);
    }

    private static Check platform()
    {
        final String name = System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " +
            System.getProperty("os.arch");
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN)
        {
            return Check.problem("platform", name + " is big endian", "run kekbit on x86-64 or ARM64");
        }

        return name.startsWith("Linux") || name.startsWith("Mac") ? Check.ok("platform", name) :
            Check.problem("platform", name + " is not supported", "run kekbit on Linux or macOS");
    }

    private static Check processors()
    {
        final int processors = Runtime.getRuntime().availableProcessors();

        return processors > 1 ? Check.ok("processors", processors + " for this process") :
            Check.warning(
                "processors",
                "only one for this process, so that writer and reader take turns",
                "give the container more, or let readers park or sleep between polls");
    }

    /**
     * What is wrong with a clock.
     *
     * @param now    what it says.
     * @param source where the kernel has it from, or an empty text where that is not told.
     */
    static Check clock(final Instant now, final String source)
    {
        final String finding = Units.instant(now) + (source.isEmpty() ? "" : ", clock source " + source);
        if (now.isBefore(EARLIEST_PLAUSIBLE))
        {
            return Check.problem("clock", finding + " is in the past", "set the clock (NTP)");
        }
        if (!source.isEmpty() && !FAST_CLOCKS.contains(source))
        {
            return Check.warning(
                "clock",
                finding + ", which takes a system call and about a microsecond to read",
                "boot with clocksource=tsc where the processor allows it");
        }

        return Check.ok("clock", finding);
    }

    private static String clockSource()
    {
        try
        {
            return Files.readString(CLOCK_SOURCE).trim();
        }
        catch (final IOException ex)
        {
            // Not told.
            return "";
        }
    }
}
