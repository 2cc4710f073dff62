package io.kekbit.benchmarks.stream;

import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertTrue;

@EnabledOnOs(OS.LINUX)
class ProcessFiguresTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldCountFaultsOfThisThread()
    {
        final long before = Faults.ofThisThread();
        // Made by touching every page.
        IoUtil.unmap(IoUtil.mapNewFile(folder.resolve("file").toFile(), 1 << 20, true));

        assertTrue(before >= 0);
        assertTrue(Faults.ofThisThread() > before);
    }

    @Test
    void shouldCountMappingsWhenThereIsOneMore()
    {
        final MemoryUse before = MemoryUse.now();
        final MappedByteBuffer[] mapped = new MappedByteBuffer[50];
        for (int i = 0; i < mapped.length; i++)
        {
            mapped[i] = IoUtil.mapNewFile(folder.resolve("file" + i).toFile(), 4096, true);
        }
        final MemoryUse after = MemoryUse.now();
        for (final MappedByteBuffer buffer : mapped)
        {
            IoUtil.unmap(buffer);
        }

        assertTrue(before.heapBytes() > 0 && before.anonymousBytes() > 0, before.toString());
        assertTrue(after.mappings() - before.mappings() >= mapped.length / 2, before + " " + after);
    }
}
