package io.kekbit.examples;

import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SharedWriterTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingAndKeepOrderOfEachThreadWhenSeveralWrite() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "shared-writer", "--threads=3", "--records=20000"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertTrue(example.out().contains("read: state=CLOSED\n"), example.out());
            assertTrue(example.out().contains("thread 2: 20000 records\n"), example.out());
            assertTrue(example.out().contains("\nlost=0 outOfOrder=0, "), example.out());
        }
    }
}
