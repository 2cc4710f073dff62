package io.kekbit.core;

import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Writers of a series that are killed by SIGKILL at random instants, while they go from one short channel to the next
 * some thousand times a second, and their agents make, force and close channels. Each time the series is read, also by
 * a process that has read it all along, and the next writer goes on: no record is lost or doubled, and no number left
 * out.
 */
@Tag("kill")
@Tag("series")
class KillSeriesTest
{
    private static final int KILLS = Evidence.times("kekbit.series.kills", 20);
    private static final int LONGEST_LIFE_US = 150_000;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final String inRun = "seed=" + seed;

    @TempDir
    private Path folder;
    private Path root;
    private SharedWords witness;
    private long last;
    private long position;
    private long firstKept;
    private long unclosed;
    private long madeReady;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldLoseNothingAndDoubleNothingWhenWriterOfSeriesIsKilledAtAnyInstant()
        throws IOException, InterruptedException
    {
        root = Files.createDirectory(folder.resolve("series"));
        final Path witnessFile = folder.resolve("witness");
        final String report;
        try (SharedWords words = SharedWords.create(witnessFile, 8);
            ChildJvm reader = ChildJvm.start(ChildJvm.QUICK_START, SeriesEndlessReader.class, root, witnessFile))
        {
            witness = words;
            for (int kill = 0; kill < KILLS; kill++)
            {
                killWriter(witnessFile, kill);
                check("kill " + kill + " " + inRun);
                deleteWhatEverybodyHasRead();
            }

            final SequenceHandler sequence = new SequenceHandler();
            try (SeriesWriter<RawBinDataFormat> writer = SeriesEndlessWriter.builder(root, sequence).open())
            {
                assertEquals(last, sequence.last(), inRun);
                assertEquals(last, writer.nextRecordNumber(), inRun);
                NumberedRecords.tryWrite(writer, ++last, SeriesEndlessWriter.MAX_LENGTH);
            }
            words.set(SeriesEndlessReader.LAST, last);
            report = reader.awaitEnd();
        }

        assertEquals("last=" + last + " checked=" + last + " wrong=0", report.strip(), inRun);
        final long channels = checkFiles();
        assertTrue(last > 100L * KILLS, inRun + " hardly a record was written: " + last);
        Evidence.print(
            "kill -9 of the writer of a series", "kills", KILLS, "channels", channels, "records", last,
            "killedBeforeClosing", unclosed, "killedWithChannelReady", madeReady, "lost", 0, "doubled", 0,
            "strayFiles", 0, "seed", seed);
    }

    private void killWriter(final Path witnessFile, final int kill) throws IOException, InterruptedException
    {
        try (ChildJvm writer = ChildJvm.start(
            ChildJvm.QUICK_START, SeriesEndlessWriter.class, root, witnessFile, random.nextLong()))
        {
            final List<String> lines = new ArrayList<>();
            lines.add(writer.readLine());
            // A few of them while they open the series, and the others while they write.
            if (random.nextInt(5) > 0)
            {
                lines.add(writer.readLine());
            }
            final long endNs = System.nanoTime() + 1000L * random.nextInt(LONGEST_LIFE_US);
            while (System.nanoTime() - endNs < 0)
            {
                LockSupport.parkNanos(endNs - System.nanoTime());
            }
            final boolean wasAlive = writer.isAlive();
            lines.addAll(writer.killAndRead().lines().toList());

            final String at = "kill " + kill + " " + inRun + " " + lines;
            assertTrue(wasAlive, at);
            assertEquals("up", lines.get(0), at);
            assertTrue(lines.size() == 1 || lines.size() == 2 && lines.get(1).equals("open " + last), at);
        }
    }

    /**
     * Read on from where the last check ended, before another writer comes.
     */
    private void check(final String at) throws IOException
    {
        if (!Files.exists(file(0)) && last == 0)
        {
            return;
        }
        try (SeriesReader reader = SeriesReader.open(root, SeriesEndlessWriter.NAME))
        {
            if (position > 0)
            {
                reader.moveTo(position);
            }
            while (reader.next())
            {
                final String where = at + " record " + (last + 1) + " at " + reader.recordPosition();
                assertEquals(last + 1, reader.sequence(), where);
                assertTrue(
                    NumberedRecords.isRight(
                        last + 1, reader.buffer(), reader.offset(), reader.length(), SeriesEndlessWriter.MAX_LENGTH),
                    where);
                last++;
            }
            position = reader.position();
            final long published = witness.get(EndlessWriter.PUBLISHED);
            final long attempted = witness.get(EndlessWriter.ATTEMPTED);
            assertTrue(
                published <= last && last <= attempted,
                at + " published=" + published + " found=" + last + " attempted=" + attempted);
            if (last > 0)
            {
                assertTrue(reader.seekToRecord(last - 1), at);
                assertTrue(reader.next(), at);
                assertEquals(last, reader.sequence(), at);
            }

            final long ordinal = SeriesPosition.ordinal(position);
            if (ordinal > firstKept)
            {
                unclosed += ChannelStatus.of(file(ordinal - 1)).state() == ChannelState.CLOSED ? 0 : 1;
            }
            madeReady += Files.exists(file(ordinal + 1)) ? 1 : 0;
        }
    }

    private void deleteWhatEverybodyHasRead() throws IOException
    {
        final long read = Math.min(last, witness.get(SeriesEndlessReader.READ_ALL_ALONG));
        witness.set(SeriesEndlessWriter.READ, read);
        final long keptFrom = Math.max(0, SeriesPosition.ordinal(position) - 1);
        while (firstKept < keptFrom && firstRecord(firstKept + 1) < read)
        {
            Files.delete(file(firstKept));
            Files.delete(ChannelPath.writerFile(file(firstKept)));
            firstKept++;
        }
    }

    /**
     * In the end there is nothing but closed channels, one after the other, each an ordinary one.
     *
     * @return how many channels the series has had.
     */
    private long checkFiles() throws IOException
    {
        final List<Path> left = new ArrayList<>(TestChannels.filesBelow(root));
        left.remove(root.resolve(SeriesEndlessWriter.NAME).resolve("series.writer"));
        long ordinal = firstKept;
        long records = firstRecord(ordinal);
        for (; Files.exists(file(ordinal)); ordinal++)
        {
            try (ShmReader reader = ShmReader.open(root.resolve(SeriesEndlessWriter.NAME), ordinal + 1))
            {
                assertEquals(records, reader.extension().firstRecordNumber(), inRun);
                records += TestChannels.readAll(reader).size();
                assertEquals(ReaderState.CLOSED, reader.state(), inRun);
            }
            left.remove(file(ordinal));
            left.remove(ChannelPath.writerFile(file(ordinal)));
        }
        assertEquals(last, records, inRun);
        assertEquals(List.of(), left, inRun);

        return ordinal;
    }

    private long firstRecord(final long ordinal)
    {
        try (ShmReader reader = ShmReader.open(root.resolve(SeriesEndlessWriter.NAME), ordinal + 1))
        {
            return reader.extension().firstRecordNumber();
        }
    }

    private Path file(final long ordinal)
    {
        return ChannelPath.file(root.resolve(SeriesEndlessWriter.NAME), ordinal + 1);
    }
}
