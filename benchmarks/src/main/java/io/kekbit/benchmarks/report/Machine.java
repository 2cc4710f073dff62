package io.kekbit.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What figures depend on: the machine, the kernel, Java and the versions of all that is compared. What the system does
 * not tell is left out.
 */
public final class Machine
{
    private static final String UNKNOWN = "unknown";
    private static final double KIB_PER_GIB = 1 << 20;

    private final Path root;

    /**
     * This machine.
     */
    public Machine()
    {
        this(Path.of("/"));
    }

    /**
     * The machine whose files the kernel shows in a folder.
     */
    Machine(final Path root)
    {
        this.root = root;
    }

    /**
     * All that is known.
     *
     * @param commit of the sources, possibly empty.
     * @param flags  of the JVMs that measure.
     * @return names and values in the order of a report.
     */
    public Map<String, String> facts(final String commit, final List<String> flags)
    {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", cpuInfo("model name", UNKNOWN));
        facts.put("cores", Runtime.getRuntime().availableProcessors() + " for this process");
        facts.put("caches", caches());
        facts.put("virtual machine", cpuInfo("flags", "").contains(" hypervisor") ? "yes" : "not that it says so");
        facts.put("memory", memory());
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("clock source", line("sys/devices/system/clocksource/clocksource0/current_clocksource"));
        facts.put("frequency governor", line("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        facts.put("transparent huge pages", line("sys/kernel/mm/transparent_hugepage/enabled"));
        facts.put("transparent huge pages of tmpfs", line("sys/kernel/mm/transparent_hugepage/shmem_enabled"));
        facts.put(
            "JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.name") + " " +
            System.getProperty("java.runtime.version"));
        versions().forEach(facts::put);
        facts.merge("kekbit", commit.isEmpty() ? "" : ", commit " + commit, String::concat);
        facts.put("JVM flags", String.join(" ", flags));

        return facts;
    }

    /**
     * The file system that a folder is on.
     *
     * @param folder that exists.
     * @return its type and mount options, as the kernel tells them, or unknown.
     */
    public String fileSystem(final Path folder)
    {
        String best = "";
        String found = UNKNOWN;
        for (final String mount : lines("proc/mounts"))
        {
            final String[] fields = mount.split(" ");
            if (fields.length > 3 && isBelow(folder, fields[1]) && fields[1].length() >= best.length())
            {
                best = fields[1];
                found = fields[2] + " (" + fields[3] + ")";
            }
        }

        return found;
    }

    /**
     * The memory that programs can have without others losing theirs.
     *
     * @return bytes, the largest number when the system does not tell.
     */
    public long availableMemory()
    {
        final String kib = value("proc/meminfo", "MemAvailable", "");

        return kib.isEmpty() ? Long.MAX_VALUE : Long.parseLong(kib.replace(" kB", "")) << 10;
    }

    private static boolean isBelow(final Path folder, final String mountPoint)
    {
        try
        {
            return folder.toAbsolutePath().startsWith(Path.of(mountPoint));
        }
        catch (final InvalidPathException ex)
        {
            return false;
        }
    }

    private String cpuInfo(final String key, final String otherwise)
    {
        return value("proc/cpuinfo", key, otherwise);
    }

    private String value(final String file, final String key, final String otherwise)
    {
        for (final String line : lines(file))
        {
            final int end = line.indexOf(':');
            if (end > 0 && line.substring(0, end).strip().equals(key))
            {
                // A blank in front, so that each word of a list has one.
                return "flags".equals(key) ? line.substring(end + 1) : line.substring(end + 1).strip();
            }
        }

        return otherwise;
    }

    private String memory()
    {
        final String total = value("proc/meminfo", "MemTotal", "");

        return total.isEmpty() ? UNKNOWN :
            Numbers.text(Long.parseLong(total.replace(" kB", "")) / KIB_PER_GIB) + " GiB";
    }

    private String caches()
    {
        final Map<String, String> caches = new TreeMap<>();
        try (Stream<Path> indexes = Files.list(root.resolve("sys/devices/system/cpu/cpu0/cache")))
        {
            for (final Path index : indexes.filter((path) -> Files.exists(path.resolve("size"))).toList())
            {
                final String folder = root.relativize(index).toString();
                final String type = line(folder + "/type");
                caches.put(
                    "L" + line(folder + "/level") + ("Unified".equals(type) ? "" : " " + type.toLowerCase(Locale.ROOT)),
                    line(folder + "/size"));
            }
        }
        catch (final IOException ex)
        {
            return UNKNOWN;
        }
        final StringBuilder text = new StringBuilder();
        caches.forEach((name, size) -> text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(size));

        return text.toString();
    }

    private String line(final String file)
    {
        final List<String> lines = lines(file);

        return lines.isEmpty() ? UNKNOWN : lines.get(0).strip();
    }

    private List<String> lines(final String file)
    {
        try
        {
            return Files.readAllLines(root.resolve(file), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            return List.of();
        }
    }

    private static Map<String, String> versions()
    {
        final Properties properties = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("/io/kekbit/benchmarks/versions.properties"))
        {
            properties.load(in);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        final Map<String, String> versions = new LinkedHashMap<>();
        versions.put("kekbit", properties.getProperty("kekbit"));
        properties.stringPropertyNames().stream().sorted().forEach(
            (name) -> versions.putIfAbsent(name, properties.getProperty(name)));

        return versions;
    }
}
