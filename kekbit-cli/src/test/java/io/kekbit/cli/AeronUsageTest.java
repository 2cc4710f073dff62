package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Command lines and configuration files of the verbs that use Aeron, which are refused before a media driver is needed.
 */
class AeronUsageTest
{
    private static final String KEYS =
        "root=copies\nchannel=1\nrequest.channel=aeron:ipc\nresponse.channel=aeron:ipc\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "--aeron=udp://localhost:4040 --stream=1 root 1",
        "--aeron=aeron:ipc root 1",
        "--aeron=aeron:ipc --stream=1 --embedded-driver root ticks",
        "--aeron=aeron:ipc --stream=1 --embedded-driver --roll=daily root 1",
        "--aeron=aeron:ipc --stream=1 --embedded-driver --envelope=none,time root 1",
        "--aeron=aeron:ipc --stream=1 --message-header=frame root 1",
        "--aeron=aeron:ipc --stream=1 --embedded-driver --series root a/b"})
    void shouldRefuseToRecordWhenCommandLineMakesNoSense(final String line)
    {
        final Path root = folder.resolve("channels");
        final InProcess record = run("record", line.replace("root", root.toString()));

        assertEquals(ExitCodes.USAGE, record.status(), record.err());
        assertFalse(Files.exists(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--aeron=aeron:ipc",
        "--stream=1",
        "--embedded-driver",
        "--aeron=aeron:ipc --stream=1 --fields=price",
        "--aeron=aeron:ipc --stream=1 --format=text"})
    void shouldRefuseToReplayWhenCommandLineMakesNoSense(final String line)
    {
        assertEquals(ExitCodes.USAGE, run("replay " + SampleChannels.text(folder, 1), line).status());
    }

    @Test
    void shouldTellKnownKeysWhenConfigurationHasAnother() throws IOException
    {
        final InProcess receive = receive(KEYS + "chanel=2\n");

        assertEquals(ExitCodes.USAGE, receive.status());
        assertTrue(receive.err().startsWith("kekbit: unknown key chanel: file=" + folder), receive.err());
        assertTrue(
            receive.err().contains("The keys are root, channel, series, request.channel, response.channel, "),
            receive.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "root=", "channel=ticks", "channel=", "series=a/b", "request.channel=udp:1", "request.stream=one", "name=a b",
        "retry.interval=0s", "max.channel.capacity=much", "skip.deleted=maybe", "live.channel=udp:1",
        "live.timeout=0s", "root=\\u00g0"})
    void shouldRefuseToReceiveWhenConfigurationMakesNoSense(final String line) throws IOException
    {
        final InProcess receive = receive(KEYS + line + "\n");

        assertEquals(ExitCodes.USAGE, receive.status(), receive.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "receive"})
    void shouldExplainEveryKeyInHelp(final String direction) throws IOException
    {
        final Path file = Files.writeString(folder.resolve("config"), "what=1\n");
        final String told = run("replicate " + direction, "--config=" + file).err();
        final String help = run("replicate " + direction, "--help").out();

        for (final String key : told.substring(told.indexOf("The keys are ") + 13).strip().split(", "))
        {
            assertTrue(help.contains("\n  " + key + " "), key + " of " + help);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "send", "receive", "mirror"})
    void shouldRefuseToReplicateWhenDirectionOrConfigurationIsMissing(final String line)
    {
        assertEquals(ExitCodes.USAGE, run("replicate", line).status());
    }

    @Test
    void shouldRefuseToSendWhenThereIsNoRoot() throws IOException
    {
        final Path file = Files.writeString(folder.resolve("config"),
            "root=" + folder.resolve("none") + "\nrequest.channel=aeron:ipc\nresponse.channel=aeron:ipc\n");
        final InProcess send = run("replicate send", "--config=" + file + " --embedded-driver");

        assertEquals(ExitCodes.NO_CHANNEL, send.status());
        assertEquals(
            "kekbit: no such folder: " + folder.resolve("none") + ". Check root in " + file + "\n", send.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "live.channel=aeron:ipc", "live.series=ticks", "live.channel=aeron:ipc\nlive.series=a/b",
        "live.channel=aeron:ipc\nlive.id=one", "live.channel=udp:1\nlive.id=1",
        "live.channel=aeron:ipc\nlive.id=1\nlive.series=ticks"})
    void shouldRefuseToSendWhenLiveStreamMakesNoSense(final String lines) throws IOException
    {
        final Path file = Files.writeString(folder.resolve("config"),
            "root=" + folder + "\nrequest.channel=aeron:ipc\nresponse.channel=aeron:ipc\n" + lines + "\n");
        final InProcess send = run("replicate send", "--config=" + file + " --embedded-driver");

        assertEquals(ExitCodes.USAGE, send.status(), send.err());
        assertTrue(send.err().contains("live."), send.err());
    }

    private InProcess receive(final String config) throws IOException
    {
        final Path file = Files.writeString(folder.resolve("config"), config);

        return run("replicate receive", "--config=" + file + " --aeron-dir=" + folder.resolve("none"));
    }

    private static InProcess run(final String verb, final String line)
    {
        final List<String> args = new ArrayList<>(List.of(verb.split(" ")));
        if (!line.isEmpty())
        {
            args.addAll(List.of(line.split(" ")));
        }

        return InProcess.run(args.toArray(String[]::new));
    }
}
