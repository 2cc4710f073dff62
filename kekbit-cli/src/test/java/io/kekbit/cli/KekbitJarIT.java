package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
    void shouldRecordWhatIsReplayedOverAeronWithNothingButJavaAndTheJar() throws Exception
    {
        final String channel = "--aeron=aeron:udp?endpoint=localhost:" + FreePort.next();
        final String[] stream = {channel, "--stream=1", "--embedded-driver"};
        final Path file = SampleChannels.closedTrades(folder, 42, 1_000);
        try (CommandProcess record = new CommandProcess(
            folder, "record", stream[0], stream[1], stream[2], "--capacity=1m", "--until-gone", folder + "", "43");
            CommandProcess replay = CommandProcess.run(
                folder, "replay", stream[0], stream[1], stream[2], "--speed=max", file.toString()))
        {
            assertEquals(ExitCodes.OK, replay.status(), replay.err());
            assertEquals(ExitCodes.OK, record.awaitExit(), record.err());
            assertTrue(record.out().startsWith("recorded 1,000 messages of 93.8 KiB in "), record.out());
        }
    }

    @Test
    void shouldSayWhatIsInIt() throws Exception
    {
        try (JarFile jar = new JarFile(System.getProperty("kekbit.jar")))
        {
            assertNotNull(jar.getEntry("META-INF/THIRD-PARTY"));
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
