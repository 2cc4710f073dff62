package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever a writer does, whatever blocks are asked for, and however often the copy is let go of and gone on with: the
 * copy is the channel, byte for byte, at every moment as far as it goes.
 */
class ChannelCopyModelTest
{
    private static final int ROUNDS = 8;
    private static final int[] LIMITS = {1, 8, 64, 1408, 8192, 65_536, Integer.MAX_VALUE};

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @TempDir
    private Path root;

    @Test
    void shouldBeSameWhenTrafficAndBlocksAreRandom() throws IOException
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Path sourceRoot = root.resolve("source-" + round);
            final Path targetRoot = root.resolve("target-" + round);
            final Path file = copyWhileWritten(sourceRoot, targetRoot);

            Copying.assertSame(file, ChannelPath.file(targetRoot, 1));
            final Verification verification = ChannelVerifier.verify(ChannelPath.file(targetRoot, 1));
            assertTrue(verification.isSound() && verification.notes().isEmpty(), verification + " seed=" + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, CLOSED", "2, OPEN", "3, CLOSED", "4, FULL", "5, CLOSED"})
    void shouldBeSameWhenCrateMadeChannel(final long channelId, final ReaderState state) throws IOException
    {
        final Path file = ChannelPath.file(root, channelId);
        Files.createDirectories(file.getParent());
        Files.write(
            file,
            getClass().getResourceAsStream("/channels/rust/" + ChannelPath.relative(channelId)).readAllBytes());
        final Path targetRoot = root.resolve("target");

        final Path copy = Copying.run(file, targetRoot, LIMITS[random.nextInt(LIMITS.length)]);

        Copying.assertSame(file, copy);
        try (ShmReader expected = ShmReader.open(root, channelId);
            ShmReader actual = ShmReader.open(targetRoot, channelId))
        {
            assertEquals(TestChannels.readAll(expected).size(), TestChannels.readAll(actual).size());
            assertEquals(state, expected.state());
            assertEquals(state == ReaderState.CLOSED, actual.state() == ReaderState.CLOSED);
            assertTrue(actual.extension().isPresent());
            assertEquals(0, actual.extension().formatId());
        }
        // A copy of the copy is one of the channel, too.
        Copying.assertSame(file, Copying.run(copy, root.resolve("further"), 100));
    }

    /**
     * The control: one byte of difference is found, be it in the padding of a record.
     */
    @Test
    void shouldFindDifferenceWhenOneBitDiffers() throws IOException
    {
        final Path file;
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.write(TestChannels.bytes(5), 0, 5);
            file = writer.file();
        }
        final Path copy = Copying.run(file, root.resolve("target"), 100);
        Copying.assertSame(file, copy);
        TestChannels.putByte(copy, 1024 + 8 + 8 + 7, 1);

        assertThrows(AssertionError.class, () -> Copying.assertSame(file, copy));
    }

    private Path copyWhileWritten(final Path sourceRoot, final Path targetRoot)
    {
        final int capacity = 1 << 14 + random.nextInt(6);
        final Header header = Header.builder()
            .channelId(1).capacity(capacity).maxMessageLength(1 + random.nextInt(capacity / 128 - 16)).build();
        final ShmWriterBuilder<RawBinDataFormat> builder =
            ShmWriter.builder(sourceRoot, header, RawBinDataFormat.INSTANCE)
                .label("from here").initialHeartbeat(random.nextBoolean()).clock(SystemEpochNanoClock.INSTANCE);
        ShmWriter<RawBinDataFormat> writer = builder.create();
        final Path file = writer.file();
        BlockReader blocks = BlockReader.open(file);
        ChannelCopy copy = ChannelCopy.open(targetRoot, blocks.blueprint());
        RandomTraffic traffic = new RandomTraffic(random, writer);
        while (traffic.next())
        {
            if (random.nextInt(20) == 0)
            {
                Copying.append(blocks, copy, LIMITS[random.nextInt(LIMITS.length)]);
            }
            if (random.nextInt(100) == 0)
            {
                copy.close();
                copy = ChannelCopy.open(targetRoot, blocks.blueprint());
                blocks.close();
                blocks = BlockReader.open(file, copy.position());
            }
            if (random.nextInt(100) == 0)
            {
                copy.flush();
                assertEquals(copy.position(), copy.durablePosition());
            }
            if (random.nextInt(200) == 0)
            {
                writer.abandon();
                writer = builder.resume();
                traffic = new RandomTraffic(random, writer);
            }
        }
        final long records = writer.recordCount();
        writer.close();
        Copying.append(blocks, copy, LIMITS[random.nextInt(LIMITS.length)]);
        assertEquals(ReaderState.CLOSED, blocks.state());
        assertTrue(blocks.isAtEnd());
        assertEquals(records, copy.recordCount());
        copy.complete();
        assertTrue(copy.isClosed());
        copy.close();
        blocks.close();

        try (ChannelCopy reopened = Copying.open(file, targetRoot))
        {
            assertTrue(reopened.isClosed());
            assertEquals(records, reopened.recordCount());
            assertEquals(copy.position(), reopened.position());
            assertEquals(copy.tailChecksum(), reopened.tailChecksum());
        }

        return file;
    }
}
