package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit replicate}.
 */
class ReplicateCommandTest
{
    private static final String PORTS =
        "request.channel=aeron:udp?endpoint=localhost:" + FreePort.next() + "\n" +
        "response.channel=aeron:udp?control=localhost:" + FreePort.next() + "|term-length=64k\n";

    @TempDir
    private Path folder;

    @Test
    void shouldCopyClosedChannelsAndEndWhenTheyAreComplete() throws Exception
    {
        final Path copies = folder.resolve("copies");
        final Path source = SampleChannels.closedTrades(folder.resolve("channels"), 42, 1_000);
        SampleChannels.closedTrades(folder.resolve("channels"), 43, 10);
        final Path send = config("send", "# the source\nroot=" + folder.resolve("channels") + "\n");
        final Path receive = config(
            "receive", "root=" + copies + "\nchannel=0x2a,43\nname=test\nretry.interval=1s\n");
        try (LocalDriver driver = new LocalDriver(folder);
            CommandProcess sending =
                new CommandProcess(folder, "replicate", "send", "--config=" + send, driver.option()))
        {
            final InProcess receiving =
                InProcess.run("replicate", "receive", "--config=" + receive, driver.option());

            assertEquals(ExitCodes.OK, receiving.status(), receiving.err());
            assertTrue(receiving.out().startsWith("channel 0x2a: complete, up to position "), receiving.out());
            assertTrue(receiving.out().contains(", 1,000 records\nchannel 43: complete, up to "), receiving.out());
            assertTrue(receiving.out().endsWith(", 10 records\n"), receiving.out());
            assertArrayEquals(records(source), records(ChannelPath.file(copies, 42)));
            assertEquals(ExitCodes.OK, InProcess.run("verify", copies.toString(), "42").status());

            sending.handle().destroy();
            assertEquals(128 + 15, sending.awaitExit());
            assertTrue(sending.err().contains(", test, asks for channelId=42 from position 0 on"), sending.err());
            assertTrue(sending.err().contains(", test, asks for channelId=43 from position 0 on"), sending.err());
        }
    }

    @Test
    void shouldFollowLiveStreamWhenBothSidesAreToldOfIt() throws Exception
    {
        final Path copies = folder.resolve("copies");
        final Path channels = folder.resolve("channels");
        final String live = "live.channel=aeron:udp?control=localhost:" + FreePort.next() + "|control-mode=dynamic";
        final Path send = config("send", "root=" + channels + "\n" + live + "|term-length=64k\nlive.id=42\n");
        final Path receive = config(
            "receive",
            "root=" + copies + "\nchannel=42\n" + live + "|endpoint=localhost:" + FreePort.next() + "\n");
        final UnsafeBuffer record = new UnsafeBuffer(new byte[40]);
        Files.createDirectory(channels);
        try (LocalDriver driver = new LocalDriver(folder);
            CommandProcess sending =
                new CommandProcess(folder, "replicate", "send", "--config=" + send, driver.option());
            CommandProcess receiving =
                new CommandProcess(folder, "replicate", "receive", "--config=" + receive, driver.option()))
        {
            try (ShmWriter<RawBinDataFormat> writer =
                ShmWriter.create(channels, header(), RawBinDataFormat.INSTANCE))
            {
                LocalDriver.await("following the live stream", () ->
                {
                    writer.write(record, 0, record.capacity());
                    return isTold(receiving, "kekbit: channel 42: following the live stream\n");
                });
            }

            assertEquals(ExitCodes.OK, receiving.awaitExit(), receiving.err() + sending.err());
            assertTrue(receiving.out().startsWith("channel 42: complete, up to position "), receiving.out());
            assertArrayEquals(records(ChannelPath.file(channels, 42)), records(ChannelPath.file(copies, 42)));
        }
    }

    private static Header header()
    {
        return Header.builder().writerId(1).channelId(42).capacity(64 << 20).maxMessageLength(40).build();
    }

    private static boolean isTold(final CommandProcess process, final String text)
    {
        try
        {
            return process.err().contains(text);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldSayWhatToDoWhenNoDriverRuns() throws Exception
    {
        final Path receive = config("receive", "root=" + folder.resolve("copies") + "\nseries=ticks\n");
        final InProcess receiving = InProcess.run(
            "replicate", "receive", "--config=" + receive, "--aeron-dir=" + folder.resolve("none"));

        assertEquals(ExitCodes.FAILED, receiving.status());
        assertTrue(receiving.err().startsWith("kekbit: no media driver of Aeron's runs with "), receiving.err());
        assertFalse(Files.exists(folder.resolve("copies")));
    }

    private Path config(final String name, final String lines) throws Exception
    {
        return Files.writeString(folder.resolve(name + ".properties"), lines + PORTS);
    }

    /**
     * The header of the crate and the record area, up to behind the close marker.
     */
    private static byte[] records(final Path file) throws Exception
    {
        final byte[] bytes = Files.readAllBytes(file);
        final byte[] header = Arrays.copyOf(bytes, 128);
        final byte[] records = Arrays.copyOfRange(bytes, 1024, 1024 + 100_000);
        final byte[] all = Arrays.copyOf(header, header.length + records.length);
        System.arraycopy(records, 0, all, header.length, records.length);

        return all;
    }
}
