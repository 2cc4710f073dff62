package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * However often channels are opened and closed, created, taken over, or refused, the process keeps no descriptor and no
 * mapping of them.
 */
@Tag("life-cycle")
class OpenAndCloseTest
{
    @TempDir
    private Path root;
    private int failures;

    @BeforeEach
    void requireProc()
    {
        Assumptions.assumeTrue(OpenFiles.isTold());
    }

    @Test
    void shouldCountMappingAndDescriptorsWhenWriterAndReaderAreOpen() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
            ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(8, writer.writeOffset());
            assertEquals(0, reader.position());
            // Records and index of each; the writer's lock.
            assertEquals(4, OpenFiles.mappings(root).size());
            assertEquals(1, OpenFiles.descriptors(root).size());
        }
        assertEquals(0, OpenFiles.mappings(root).size());
        assertEquals(0, OpenFiles.descriptors(root).size());
    }

    @Test
    void shouldKeepNoDescriptorAndNoMappingWhenOpenedAndClosed() throws IOException
    {
        final int rounds = Evidence.times("kekbit.openings", 10_000);
        prepare();
        round(0);
        final int descriptors = OpenFiles.descriptors(root).size();
        final int mappings = OpenFiles.mappings(root).size();
        failures = 0;
        for (int round = 1; round <= rounds; round++)
        {
            round(round);
        }

        final int descriptorsGrown = OpenFiles.descriptors(root).size() - descriptors;
        final int mappingsGrown = OpenFiles.mappings(root).size() - mappings;
        assertEquals(0, descriptorsGrown, "descriptors");
        assertEquals(0, mappings, "mappings before");
        assertEquals(0, mappingsGrown, "mappings");
        assertTrue(failures > rounds, "failures=" + failures);
        Evidence.print(
            "open and close", "rounds", rounds, "failedCalls", failures, "descriptorsGrown", descriptorsGrown,
            "mappingsGrown", mappingsGrown);
    }

    /**
     * Channel 1 is open for writers to resume, 2 is closed, 3 is no channel, 4 is being made, 5 is a link, 6 is cut
     * short.
     */
    private void prepare() throws IOException
    {
        for (int channelId = 1; channelId <= 6; channelId++)
        {
            final ShmWriter<RawBinDataFormat> writer = ShmWriter.create(
                root, TestChannels.smallHeader().channelId(channelId).build(), RawBinDataFormat.INSTANCE);
            writer.write(TestChannels.bytes(5), 0, 5);
            if (channelId == 1)
            {
                writer.abandon();
            }
            writer.close();
        }
        TestChannels.putLong(ChannelPath.file(root, 3), 0, 42);
        Files.delete(ChannelPath.file(root, 4));
        Files.createFile(ChannelPath.lockFile(root, 4));
        Files.delete(ChannelPath.file(root, 5));
        Files.createSymbolicLink(ChannelPath.file(root, 5), ChannelPath.file(root, 2));
        Files.write(ChannelPath.file(root, 6), new byte[200]);
    }

    private void round(final int round) throws IOException
    {
        try (ShmReader reader = ShmReader.open(root, 1 + round % 2))
        {
            assertTrue(reader.next());
        }
        final int refused = 3 + round % 5;
        fails(() -> ShmReader.open(root, refused));
        if (round % 10 == 0)
        {
            ShmWriter.resume(root, 1, RawBinDataFormat.INSTANCE).abandon();
            fails(() -> ShmReader.open(root, 1, PlainTextDataFormat.INSTANCE));
            fails(() -> ShmWriter.resume(root, 2, RawBinDataFormat.INSTANCE));
            fails(() -> ShmWriter.resume(root, 1, PlainTextDataFormat.INSTANCE));
            fails(() -> TestChannels.createSmall(root));
        }
        if (round % 100 == 0)
        {
            final Header header = TestChannels.smallHeader().channelId(8).build();
            ShmWriter.create(root, header, RawBinDataFormat.INSTANCE).close();
            Files.delete(ChannelPath.file(root, 8));
            final FailingFiles failing = new FailingFiles(1 + round / 100 % 13, true);
            fails(() -> ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).files(failing).create());
        }
    }

    private void fails(final Runnable call)
    {
        assertThrows(ChannelException.class, call::run);
        failures++;
    }
}
