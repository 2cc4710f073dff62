package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The jar as it is handed out, and the script.
 */
class KekbitJarIT
{
    @TempDir
    private Path folder;

    @Test
    void shouldRunWithNothingButJavaAndTheJar() throws Exception
    {
        SampleChannels.closedTrades(folder, 42, 100);
        try (CommandProcess list = CommandProcess.run(folder, "list", folder.toString());
            CommandProcess verify = CommandProcess.run(folder, "verify", folder.toString(), "42"))
        {
            assertEquals("", list.err());
            assertTrue(list.out().contains("SBE io.kekbit.marketdata 19266:1"), list.out());
            assertEquals(ExitCodes.OK, list.status());
            assertEquals(ExitCodes.OK, verify.status(), verify.err());
        }
    }

    @Test
    void shouldTellItsVersion() throws Exception
    {
        try (CommandProcess process = CommandProcess.run(folder, "--version"))
        {
            assertTrue(process.out().matches("kekbit [0-9].*, Java .*\\R"), process.out());
        }
    }

    @Test
    void shouldShowSchemaWithoutAnyGeneratedClass() throws Exception
    {
        SampleChannels.closedTrades(folder, 42, 100);
        try (JarFile jar = new JarFile(System.getProperty("kekbit.jar"));
            CommandProcess process = CommandProcess.run(folder, "schema", folder.toString(), "42"))
        {
            assertNull(jar.getEntry("io/kekbit/marketdata/TradeDecoder.class"));
            assertTrue(process.out().contains("\nTrade  template 2"), process.out());
            assertEquals(ExitCodes.OK, process.status());
        }
    }

    @Test
    void shouldRunByScriptThroughLink() throws Exception
    {
        final Path script = Path.of("kekbit").toAbsolutePath();
        final Path link = Files.createSymbolicLink(folder.resolve("kekbit"), script);
        try (CommandProcess process = CommandProcess.program(folder, List.of(link.toString(), "help", "list")))
        {
            assertEquals(ExitCodes.OK, process.awaitExit(), process.err());
            assertEquals(Files.readString(Path.of("src/test/resources/help/list.txt")), process.out());
        }
        finally
        {
            Files.delete(link);
        }
    }
}
