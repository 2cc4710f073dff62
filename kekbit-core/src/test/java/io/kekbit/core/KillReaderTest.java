package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Readers that are killed by SIGKILL in the middle of reading: neither the writer nor the file nor anybody who reads
 * later is any the worse for it.
 */
@Tag("kill")
class KillReaderTest
{
    private static final int KILLS = Evidence.times("kekbit.reader.kills", 5);
    private static final int MAX_LENGTH = 100;
    private static final int MAX_RECORDS_PER_KILL = 20_000;
    private static final long NOW = 1_700_000_000_000_000_000L;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final String inRun = "seed=" + seed;

    @TempDir
    private Path folder;
    private long written;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldDisturbNobodyWhenReadersAreKilled() throws IOException, InterruptedException
    {
        final Path root = folder.resolve("disturbed");
        int killedWhileWriting = 0;
        try (EnvelopeWriter<RawBinDataFormat> writer = create(root))
        {
            write(writer, 1000);
            for (int kill = 0; kill < KILLS; kill++)
            {
                try (ChildJvm reader = ChildJvm.start(ChildJvm.QUICK_START, TirelessReader.class, root))
                {
                    assertEquals("reading", reader.readLine(), inRun);
                    final int before = random.nextInt(MAX_RECORDS_PER_KILL / 2);
                    write(writer, before);
                    assertTrue(reader.isAlive(), inRun);
                    // The signal is sent here, and arrives while the writer writes on.
                    ProcessHandle.of(reader.pid()).orElseThrow().destroyForcibly();
                    int behind = 0;
                    while (reader.isAlive() && before + behind < MAX_RECORDS_PER_KILL)
                    {
                        write(writer, 4);
                        behind += 4;
                        LockSupport.parkNanos(1);
                    }
                    killedWhileWriting += reader.isAlive() ? 0 : 1;
                    assertEquals("", reader.killAndRead(), inRun);
                }
            }
        }

        final RecordCheck check = new RecordCheck(1, MAX_LENGTH);
        try (ShmReader reader = check.open(root, TestChannels.CHANNEL_ID))
        {
            check.readAll(reader);
            assertEquals(ReaderState.CLOSED, reader.state(), inRun);
        }
        assertTrue(check.isFlawless(), inRun + " " + check);
        assertEquals(written, check.last(), inRun);

        final Path undisturbed = folder.resolve("undisturbed");
        final long expected = written;
        written = 0;
        try (EnvelopeWriter<RawBinDataFormat> writer = create(undisturbed))
        {
            write(writer, (int)expected);
        }
        assertEquals(-1, Files.mismatch(TestChannels.file(undisturbed), TestChannels.file(root)), inRun);

        assertTrue(expected > KILLS && killedWhileWriting > 0, inRun + " died while written: " + killedWhileWriting);
        Evidence.print(
            "kill -9 of readers", "kills", KILLS, "diedWhileWriterWrote", killedWhileWriting, "records", expected,
            "wrong", 0, "bytesThatDiffer", 0, "seed", seed);
    }

    private static EnvelopeWriter<RawBinDataFormat> create(final Path root)
    {
        final Header header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID)
            .creationTime(1)
            .capacity((KILLS + 2L) * MAX_RECORDS_PER_KILL * (MAX_LENGTH + 32))
            .maxMessageLength(MAX_LENGTH + 16)
            .build();

        return EnvelopeWriter.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).clock(() -> NOW),
            new SequenceHandler(),
            new ChecksumHandler());
    }

    private void write(final Writer<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            written++;
            assertTrue(NumberedRecords.tryWrite(writer, written, MAX_LENGTH) > 0, inRun);
        }
    }

    /**
     * Opens and reads the channel again and again; says more than one word only if it finds something wrong.
     */
    static final class TirelessReader
    {
        private TirelessReader()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            boolean isFirst = true;
            while (true)
            {
                final RecordCheck check = new RecordCheck(1, MAX_LENGTH);
                try (ShmReader reader = check.open(Path.of(args[0]), TestChannels.CHANNEL_ID))
                {
                    long records = check.readAll(reader);
                    if (isFirst)
                    {
                        System.out.println("reading");
                        isFirst = false;
                    }
                    for (int i = 0; i < 1000; i++)
                    {
                        records += check.readAll(reader);
                    }
                    if (!check.isFlawless() || records != check.last())
                    {
                        System.out.println(check);
                    }
                }
            }
        }
    }
}
