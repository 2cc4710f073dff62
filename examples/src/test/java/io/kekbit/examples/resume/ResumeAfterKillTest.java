package io.kekbit.examples.resume;

import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResumeAfterKillTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldShowNoGapAndNothingTwiceWhenWritersAreKilled() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "resume-after-kill", "--kills=2"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            final String out = example.out();
            assertTrue(out.contains("writer 2   | channel taken over after record "), out);
            assertTrue(out.contains("writer 3   | channel taken over after record "), out);
            assertTrue(out.contains("missing=0 repeated=0 different=0\n"), out);
            assertTrue(out.endsWith("missing=0 repeated=0 different=0 state=CLOSED\n"), out);
            assertEquals("", example.err());
        }
    }
}
