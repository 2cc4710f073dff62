package io.kekbit.benchmarks.report;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MachineTest
{
    @TempDir
    private Path root;

    @Test
    void shouldTellWhatTheKernelShows() throws IOException
    {
        write("proc/cpuinfo", "model name\t: A CPU @ 3 GHz\nflags\t\t: fpu hypervisor lahf\n");
        write("proc/meminfo", "MemTotal:       25165824 kB\nMemAvailable:   1024 kB\n");
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        write("sys/devices/system/cpu/cpu0/cache/index0/level", "1\n");
        write("sys/devices/system/cpu/cpu0/cache/index0/type", "Data\n");
        write("sys/devices/system/cpu/cpu0/cache/index0/size", "48K\n");
        write("sys/devices/system/cpu/cpu0/cache/index3/level", "3\n");
        write("sys/devices/system/cpu/cpu0/cache/index3/type", "Unified\n");
        write("sys/devices/system/cpu/cpu0/cache/index3/size", "32768K\n");

        final Machine machine = new Machine(root);
        final Map<String, String> facts = machine.facts("abc1234", List.of("-Xmx1g"));

        assertEquals("A CPU @ 3 GHz", facts.get("CPU"));
        assertEquals("yes", facts.get("virtual machine"));
        assertEquals("24.0 GiB", facts.get("memory"));
        assertEquals("L1 data 48K, L3 32768K", facts.get("caches"));
        assertEquals("tsc", facts.get("clock source"));
        assertEquals("unknown", facts.get("frequency governor"));
        assertEquals("-Xmx1g", facts.get("JVM flags"));
        assertEquals(1 << 20, machine.availableMemory());
    }

    @Test
    void shouldKnowTheVersionsOfWhatIsCompared()
    {
        final Map<String, String> facts = new Machine(root).facts("abc1234", List.of());

        assertTrue(facts.get("kekbit").endsWith(", commit abc1234"), facts.toString());
        for (final String name : List.of("Agrona", "SBE", "Aeron", "Chronicle Queue", "JMH"))
        {
            assertTrue(facts.get(name).matches("\\d+\\..*"), name + " " + facts);
        }
    }

    @Test
    void shouldFindTheFileSystemThatIsMountedClosest() throws IOException
    {
        write("proc/mounts", "disk / ext4 rw,relatime 0 0\nshm /dev/shm tmpfs rw,nosuid 0 0\nx /dev/sh xfs rw 0 0\n");

        final Machine machine = new Machine(root);

        assertEquals("tmpfs (rw,nosuid)", machine.fileSystem(Path.of("/dev/shm/channels")));
        assertEquals("ext4 (rw,relatime)", machine.fileSystem(Path.of("/home")));
    }

    @Test
    void shouldKeepQuietAboutWhatItCannotFind()
    {
        final Machine machine = new Machine(root);

        assertEquals("unknown", machine.fileSystem(Path.of("/home")));
        assertFalse(machine.facts("", List.of()).get("kekbit").contains("commit"));
    }

    private void write(final String name, final String content) throws IOException
    {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
