package io.kekbit.core;

import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes folders in memory, where the system has such a thing: for tests that force so often that they would wait for
 * the device most of the time, and are about something else.
 */
public final class MemoryFolder implements TempDirFactory
{
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(
        final AnnotatedElementContext elementContext, final ExtensionContext extensionContext) throws IOException
    {
        return Files.isWritable(MEMORY) ?
            Files.createTempDirectory(MEMORY, "kekbit-test") : Files.createTempDirectory("kekbit-test");
    }
}
