package io.kekbit.benchmarks.compare;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ThreadDumpTest
{
    @TempDir
    private Path folder;

    private Path file;
    private Process jvm;

    @BeforeEach
    void prepare() throws IOException
    {
        file = folder.resolve("a.threads");
        // In a folder of its own, which takes the file by which a JVM is asked.
        jvm = new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java", "-cp", System.getProperty("java.class.path"),
            Probe.class.getName(), "hang", "--folder", folder.toString(), "--result", folder + "/a.result")
            .directory(folder.toFile())
            .start();
    }

    @AfterEach
    void end() throws InterruptedException
    {
        jvm.destroyForcibly().waitFor();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldGiveUpWhenTheJvmDoesNotAnswer() throws Exception
    {
        assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(jvm.pid())).start().waitFor());

        new ThreadDump(1).write(List.of(jvm.toHandle()), file);

        final String written = Files.readString(file);
        assertTrue(written.startsWith("process " + jvm.pid() + "\n"), written);
        assertTrue(written.endsWith("no answer within 1 s\n"), written);
    }

    @Test
    void shouldSayWhatIsWrongWhenThereIsNoSuchJvm() throws Exception
    {
        final ProcessHandle ended = jvm.toHandle();
        jvm.destroyForcibly().waitFor();

        new ThreadDump(60).write(List.of(ended), file);

        final String written = Files.readString(file);
        assertTrue(written.startsWith("process " + ended.pid() + "\n"), written);
        assertTrue(written.contains("Exception"), written);
    }
}
