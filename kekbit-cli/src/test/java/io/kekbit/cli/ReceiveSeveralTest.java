package io.kekbit.cli;

import io.aeron.Aeron;
import io.kekbit.aeron.replication.ReplicationSource;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit replicate receive} of several streams, of which one cannot go on.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiveSeveralTest
{
    private final String requests = "aeron:udp?endpoint=localhost:" + FreePort.next();
    private final String responses = "aeron:udp?control=localhost:" + FreePort.next() + "|term-length=64k";

    @TempDir
    private Path folder;
    private Path channels;
    private Path copies;
    private LocalDriver driver;
    private AgentRunner source;

    @BeforeEach
    void serve()
    {
        channels = folder.resolve("channels");
        copies = folder.resolve("copies");
        for (int id = 41; id <= 43; id++)
        {
            SampleChannels.closedTrades(channels, id, 100 + id);
        }
        driver = new LocalDriver(folder);
        source = new AgentRunner(
            new SleepingMillisIdleStrategy(1),
            Throwable::printStackTrace,
            null,
            ReplicationSource.builder(channels)
                .aeron(new Aeron.Context().aeronDirectoryName(driver.aeron().context().aeronDirectoryName()))
                .requestChannel(requests)
                .responseChannel(responses)
                .build());
        AgentRunner.startOnThread(source);
    }

    @AfterEach
    void shutDown()
    {
        CloseHelper.closeAll(source, driver);
    }

    @Test
    void shouldCompleteOthersWhenPlaceOfOneIsTaken() throws Exception
    {
        // Not a copy, so nothing may be appended to it.
        final Path own = SampleChannels.closedTrades(copies, 42, 7);
        final byte[] before = Files.readAllBytes(own);
        final InProcess receive = receive("channel=41,42,43");

        assertEquals(ExitCodes.FAILED, receive.status(), receive.err());
        assertTrue(receive.err().contains("kekbit: channel 42: "), receive.err());
        assertTrue(receive.err().contains("COPY_FAILED"), receive.err());
        assertOthersAreComplete(receive);
        assertArrayEquals(before, Files.readAllBytes(own));
    }

    @Test
    void shouldCompleteOthersWhenSourceOfOneIsDamaged() throws Exception
    {
        try (RandomAccessFile channel = new RandomAccessFile(ChannelPath.file(channels, 42).toFile(), "rw"))
        {
            // The length of the first record, behind the heartbeat that the channel begins with.
            channel.seek(RecordDescriptor.RECORD_AREA_OFFSET + Long.BYTES);
            channel.writeLong(-7);
        }
        final InProcess receive = receive("channel=41,42,43");

        assertEquals(ExitCodes.FAILED, receive.status(), receive.err());
        assertTrue(receive.err().contains("SOURCE_DAMAGED"), receive.err());
        assertOthersAreComplete(receive);
        assertTrue(receive.out().contains("channel 42: copied so far, "), receive.out());
    }

    private void assertOthersAreComplete(final InProcess receive)
    {
        for (final int id : List.of(41, 43))
        {
            assertTrue(receive.out().contains("channel " + id + ": complete, up to position "), receive.out());
            assertTrue(receive.out().contains(" " + (100 + id) + " records\n"), receive.out());
            assertEquals(
                ExitCodes.OK, InProcess.run("verify", copies.toString(), Integer.toString(id)).status());
        }
    }

    private InProcess receive(final String streams) throws Exception
    {
        final Path config = Files.writeString(
            folder.resolve("receive.properties"),
            "root=" + copies + "\n" + streams + "\nrequest.channel=" + requests + "\nresponse.channel=" + responses +
                "\n");

        return InProcess.run("replicate", "receive", "--config=" + config, driver.option());
    }
}
