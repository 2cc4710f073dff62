package io.kekbit.core;

import org.agrona.IoUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

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
    private static final int LOSSES_OF_CONTROL = 200;
    private static final long SEED = Long.getLong("kekbit.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasFlushedAndNameWhatIsMissingWhenPowerIsLost() throws IOException
    {
        final PowerLossCheck check = losePower(LOSSES, false);

        check.print();
        assertEquals(0, check.wrong(), check.firstWrong());
        assertTrue(check.recordsBelowDurable() > LOSSES, "hardly a record was durable");
        assertTrue(check.gapsNamed() > 0, "no gap was seen");
    }

    /**
     * The control: a writer that told of its records before they were on the device would be found out.
     */
    @Test
    void shouldFindRecordsMissingWhenDurablePositionIsForcedFirst() throws IOException
    {
        assertTrue(losePower(LOSSES_OF_CONTROL, true).wrongBelowDurable() > 0);
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
