package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The power goes at any instant of a channel's life, and pages that were not forced are on the device in their old
 * state, in their newest, in one between, or in pieces. What the durable position vouches for is there all the same;
 * and of what stood behind it, numbers and checksums tell what is missing.
 */
@Tag("power-loss")
class PowerLossTest
{
    private static final int LOSSES = Evidence.times("kekbit.power.losses", 300);
    private static final int LOSSES_OF_CONTROL = 1000;
    private static final int MANY = 1000;
    private static final int PAGE_LENGTH = 4096;
    private static final int RECORDS_OF_PAGE = PAGE_LENGTH / 64;
    private static final long SEED = Long.getLong("kekbit.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasFlushedAndNameWhatIsMissingWhenPowerIsLost() throws IOException
    {
        final PowerLossCheck check = losePower(LOSSES, false);

        check.print();
        assertEquals(0, check.wrong(), check.firstWrong());
        assertTrue(check.recordsBelowDurable() > LOSSES, "hardly a record was durable, seed=" + SEED);
        assertTrue(check.gapsNamed() > 0 || LOSSES < MANY, "no gap was seen, seed=" + SEED);
    }

    /**
     * The control: a writer that told of its records before they were on the device would be found out.
     */
    @Test
    void shouldFindRecordsMissingWhenDurablePositionIsForcedFirst() throws IOException
    {
        assertTrue(losePower(LOSSES_OF_CONTROL, true).wrongBelowDurable() > 0, "nothing is missing, seed=" + SEED);
    }

    /**
     * Records of 64 bytes: a lost page reads as heartbeats up to its end, and what follows is at its right place.
     */
    @Test
    void shouldNameEveryRecordOfPageWhenWhatFollowsIsThere() throws IOException
    {
        final Path file;
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(folder, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .initialHeartbeat(false),
            new SequenceHandler(),
            new ChecksumHandler()))
        {
            for (int i = 0; i < 3 * RECORDS_OF_PAGE; i++)
            {
                writer.write(TestChannels.bytes(44), 0, 44);
            }
            file = TestChannels.file(folder.resolve("after"));
            Files.createDirectories(file.getParent());
            Files.copy(TestChannels.file(folder), file);
        }
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        for (int offset = PAGE_LENGTH; offset < 2 * PAGE_LENGTH; offset += Long.BYTES)
        {
            TestChannels.putLong(file, offset, 0);
        }

        final List<String> gaps = new ArrayList<>();
        try (ShmReader reader = ShmReader.builder(folder.resolve("after"), TestChannels.CHANNEL_ID)
            .readSuspect(true)
            .gapListener((expected, actual, position) -> gaps.add(expected + ".." + actual + "@" + position))
            .open())
        {
            assertEquals(2 * RECORDS_OF_PAGE, TestChannels.readAll(reader).size());
        }
        // Three quarters of a page stand before it, behind header and extension.
        final int first = RECORDS_OF_PAGE * 3 / 4 + 1;
        assertEquals(
            List.of(first + ".." + (first + RECORDS_OF_PAGE) + "@" + (2 * PAGE_LENGTH - 1024)), gaps);
    }

    private PowerLossCheck losePower(final int losses, final boolean isOrderWrong) throws IOException
    {
        final PowerLossCheck check = new PowerLossCheck();
        for (long seed = SEED; check.losses() < losses && !isEnough(check, isOrderWrong); seed++)
        {
            final Path base = folder.resolve("channel");
            try
            {
                new PowerLossRun(base, seed, isOrderWrong, check).run(losses - check.losses());
            }
            catch (final RuntimeException ex)
            {
                throw new AssertionError("seed=" + seed, ex);
            }
            IoUtil.delete(base.toFile(), true);
        }

        return check;
    }

    private static boolean isEnough(final PowerLossCheck check, final boolean isOrderWrong)
    {
        return (isOrderWrong ? check.wrongBelowDurable() : check.wrong()) > 0;
    }
}
