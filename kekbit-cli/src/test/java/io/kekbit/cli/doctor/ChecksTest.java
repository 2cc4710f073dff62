package io.kekbit.cli.doctor;

import io.kekbit.cli.doctor.Check.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the doctor thinks of machines that the tests do not run on.
 */
class ChecksTest
{
    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @CsvSource({
        "tmpfs, OK", "ext4, OK", "xfs, OK", "btrfs, WARNING", "zfs, WARNING", "overlay, WARNING", "vfat, WARNING",
        "nfs4, PROBLEM", "fuse.sshfs, PROBLEM", "cifs, PROBLEM", "9p, PROBLEM"})
    void shouldJudgeFileSystemByWhetherMappingsWorkThere(final String type, final Verdict expected)
    {
        assertEquals(expected, RootChecks.fileSystem(type, false).verdict());
    }

    @Test
    void shouldWarnWhenFileSystemIsReadOnly()
    {
        assertEquals(Verdict.WARNING, RootChecks.fileSystem("ext4", true).verdict());
    }

    @Test
    void shouldJudgeFreeSpaceByWhatIsLeft()
    {
        assertEquals(Verdict.OK, RootChecks.space(50 * GIB, 100 * GIB).verdict());
        assertEquals(Verdict.WARNING, RootChecks.space(4 * GIB, 100 * GIB).verdict());
        assertEquals(Verdict.PROBLEM, RootChecks.space(1 << 20, GIB).verdict());
    }

    @Test
    void shouldWarnWhenTmpfsIsLargerThanContainerMayBe()
    {
        final Check check = RootChecks.memory(
            "tmpfs", 8 * GIB, 8 * GIB, OptionalLong.of(2 * GIB), OptionalLong.of(16 * GIB));

        assertEquals(Verdict.WARNING, check.verdict());
        assertTrue(
            check.finding().contains("tmpfs of 8.0 GiB passes the container's limit of 2.0 GiB"), check.finding());
    }

    @Test
    void shouldWarnWhenTmpfsPromisesMoreThanMemoryHas()
    {
        assertEquals(Verdict.WARNING, RootChecks.memory(
            "tmpfs", 8 * GIB, 8 * GIB, OptionalLong.empty(), OptionalLong.of(4 * GIB)).verdict());
        assertEquals(Verdict.OK, RootChecks.memory(
            "tmpfs", 8 * GIB, 8 * GIB, OptionalLong.empty(), OptionalLong.of(12 * GIB)).verdict());
    }

    @Test
    void shouldNotCompareMemoryWhenFileSystemIsOnDisk()
    {
        assertEquals(Verdict.OK, RootChecks.memory(
            "ext4", 800 * GIB, 800 * GIB, OptionalLong.of(GIB), OptionalLong.of(GIB)).verdict());
    }

    @Test
    void shouldJudgeClockBySourceAndTime()
    {
        final Instant now = Instant.parse("2026-01-02T03:04:05Z");

        assertEquals(Verdict.OK, HostChecks.clock(now, "tsc").verdict());
        assertEquals(Verdict.OK, HostChecks.clock(now, "").verdict());
        assertEquals(Verdict.WARNING, HostChecks.clock(now, "hpet").verdict());
        assertEquals(Verdict.PROBLEM, HostChecks.clock(Instant.EPOCH, "tsc").verdict());
    }

    @Test
    void shouldFindLeastLimitWhenControlGroupsAreOfVersion2(@TempDir final Path folder) throws Exception
    {
        final Path processGroups = Files.writeString(folder.resolve("cgroup"), "0::/pod/container\n");
        final Path inner = Files.createDirectories(folder.resolve("sys/pod/container"));
        Files.writeString(inner.resolve("memory.max"), "max\n");
        Files.writeString(folder.resolve("sys/pod/memory.max"), "1073741824\n");

        assertEquals(OptionalLong.of(GIB), new MemoryLimit(processGroups, folder.resolve("sys")).bytes());
    }

    @Test
    void shouldFindLimitWhenControlGroupsAreOfVersion1(@TempDir final Path folder) throws Exception
    {
        // As in a container: the path is the host's, and only the mount is there.
        final Path processGroups = Files.writeString(
            folder.resolve("cgroup"), "5:cpu,cpuacct:/\n4:memory:/docker/0123\n0::/\n");
        Files.createDirectories(folder.resolve("sys/memory"));
        Files.writeString(folder.resolve("sys/memory/memory.limit_in_bytes"), "2147483648\n");

        assertEquals(OptionalLong.of(2 * GIB), new MemoryLimit(processGroups, folder.resolve("sys")).bytes());
    }

    @Test
    void shouldFindNoLimitWhenThereIsNone(@TempDir final Path folder) throws Exception
    {
        final Path processGroups = Files.writeString(folder.resolve("cgroup"), "4:memory:/\n0::/\n");
        Files.createDirectories(folder.resolve("sys/memory"));
        Files.writeString(folder.resolve("sys/memory/memory.limit_in_bytes"), "9223372036854771712\n");

        assertEquals(OptionalLong.empty(), new MemoryLimit(processGroups, folder.resolve("sys")).bytes());
        assertEquals(
            OptionalLong.empty(), new MemoryLimit(folder.resolve("missing"), folder.resolve("sys")).bytes());
    }

    @Test
    void shouldReadAvailableMemoryInBytes(@TempDir final Path folder) throws Exception
    {
        final Path info = Files.writeString(
            folder.resolve("meminfo"), "MemTotal:       16000000 kB\nMemAvailable:    1048576 kB\n");

        assertEquals(OptionalLong.of(GIB), RootChecks.availableMemory(info));
    }
}
