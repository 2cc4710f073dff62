package io.kekbit.core;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Other processes of the tests do not outlive them.
 */
class ChildJvmTest
{
    @TempDir
    private Path root;

    @Test
    void shouldEndWhenParentIsGone() throws IOException, InterruptedException
    {
        final Path witness = root.resolve("witness");
        SharedWords.create(witness, 2).close();
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, EndlessWriter.class, root, witness, 1, 0, 1))
        {
            assertEquals("up", child.readLine());
            assertEquals("open 0", child.readLine());

            // As the operating system does it when the parent dies.
            child.endInput();

            assertEquals("", child.awaitEnd());
            assertEquals(3, child.exitStatus());
        }
    }
}
