package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Writers that are killed by SIGKILL at random instants: while they create, resume, write, flush and close. Each time a
 * fresh process reads what is there, and another has been reading all along; then the next writer goes on.
 */
@Tag("kill")
class KillWriterTest
{
    private static final List<String> FULLY_COMPILED = List.of(ChildJvm.AGRONA_FLAG, "-XX:+UseSerialGC");
    private static final int KILLS = Evidence.times("kekbit.kills", 20);
    private static final int MANY = 200;
    private static final int LONGEST_LIFE_US = 100_000;
    private static final int LIVE_READER_AT = 2;
    private static final int LAST_CHANNEL = 3;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final String inRun = "seed=" + seed;

    @TempDir
    private Path folder;
    private Path root;
    private Path witnessFile;
    private SharedWords witness;
    private Map<String, Long> found = Map.of("channel", 1L, "first", 1L, "last", 0L, "resumesOfLast", 0L);
    private long resumed;
    private int inCreation;
    private int halfWritten;
    private long lost;
    private long torn;
    private long doubled;
    private long checked;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldLoseNothingAndTearNothingWhenWriterIsKilledAtAnyInstant() throws IOException, InterruptedException
    {
        root = Files.createDirectory(folder.resolve("channels"));
        witnessFile = folder.resolve("witness");
        witness = SharedWords.create(witnessFile, 4);
        try (SharedWords closed = witness;
            ChildJvm liveReader = ChildJvm.start(ChildJvm.QUICK_START, LiveReader.class, root, witnessFile))
        {
            assertEquals(0, closed.get(EndlessWriter.ATTEMPTED));
            for (int kill = 0; kill < KILLS; kill++)
            {
                killWriter(kill);
                checkWhatIsThere("kill " + kill + " " + inRun);
                deleteWhatEverybodyHasRead();
            }
            checked += closeAndAwait(liveReader);
        }

        assertTrue(found.get("last") > KILLS, inRun + " hardly a record was written: " + found);
        final boolean isOneNeverSeen = resumed == 0 || halfWritten == 0 || inCreation == 0;
        assertTrue(
            !isOneNeverSeen || KILLS < MANY,
            inRun + " resumed=" + resumed + " halfWritten=" + halfWritten + " inCreation=" + inCreation);
        Evidence.print(
            "kill -9 of the writer", "kills", KILLS, "resumed", resumed, "channels", found.get("channel"), "records",
            found.get("last"), "recordsChecked", checked, "torn", torn, "lost", lost, "doubled", doubled,
            "halfWrittenBehindWatermark", halfWritten, "killedInCreation", inCreation, "seed", seed);
    }

    /**
     * The control: what a writer that stores the length before the content would leave is found by the same check, and
     * what this one leaves between any two of its stores is not.
     */
    @Test
    void shouldFindTornRecordWhenLengthIsStoredBeforeContent() throws IOException
    {
        final int max = 64;
        final byte[] before;
        final byte[] after;
        final Path file = TestChannels.file(folder);
        final int position;
        try (EnvelopeWriter<RawBinDataFormat> writer =
            NumberedRecords.create(folder, TestChannels.smallHeader().build()))
        {
            NumberedRecords.tryWrite(writer, 1, max);
            position = (int)writer.writeOffset();
            before = Files.readAllBytes(file);
            NumberedRecords.tryWrite(writer, 2, max);
            after = Files.readAllBytes(file);
        }
        final int contentLength = NumberedRecords.length(2, max) + 12;
        final int length = RecordDescriptor.RECORD_AREA_OFFSET + position;
        final int watermark = length + RecordDescriptor.alignedLength(contentLength);

        assertEquals("last=1 torn=0", checkCopy(before, after, max));
        assertEquals("last=1 torn=0", checkCopy(before, after, max, length + 8, contentLength));
        assertEquals("last=1 torn=0", checkCopy(before, after, max, length + 8, contentLength, watermark, 8));
        assertEquals(
            "last=2 torn=0", checkCopy(before, after, max, length + 8, contentLength, watermark, 8, length, 8));
        assertEquals("last=1 torn=1", checkCopy(before, after, max, watermark, 8, length, 8));
        assertEquals(
            "last=1 torn=1", checkCopy(before, after, max, length + 8, contentLength - 1, watermark, 8, length, 8));
    }

    private void killWriter(final int kill) throws IOException, InterruptedException
    {
        final String at = "kill " + kill + " " + inRun;
        try (ChildJvm writer = ChildJvm.start(
            kill % 4 == 3 ? FULLY_COMPILED : ChildJvm.QUICK_START,
            EndlessWriter.class, root, witnessFile, found.get("channel"), found.get("last"), random.nextLong()))
        {
            final List<String> lines = new ArrayList<>();
            lines.add(writer.readLine());
            // A third of them while they create or resume, as a rule, and the others while they write.
            if (random.nextInt(3) > 0)
            {
                lines.add(writer.readLine());
            }
            final long endNs = System.nanoTime() + 1_000L * Math.max(0, random.nextInt(LONGEST_LIFE_US * 5 / 4) -
                LONGEST_LIFE_US / 4);
            while (System.nanoTime() - endNs < 0)
            {
                LockSupport.parkNanos(endNs - System.nanoTime());
            }
            final boolean wasAlive = writer.isAlive();
            lines.addAll(writer.killAndRead().lines().toList());

            assertTrue(wasAlive, at + lines);
            final boolean wasOpen = lines.size() == 2;
            assertEquals(wasOpen ? List.of("up", "open " + found.get("last")) : List.of("up"), lines, at);
        }
    }

    private void checkWhatIsThere(final String at) throws IOException, InterruptedException
    {
        final long lastBefore = found.get("last");
        final long resumesBefore = found.get("resumesOfLast");
        final boolean hasLitter = TestChannels.filesBelow(root).toString().contains(".tmp");
        final String report;
        try (ChildJvm reader = ChildJvm.start(
            ChildJvm.QUICK_START, FreshReader.class, root, found.get("channel"), found.get("first")))
        {
            report = reader.awaitEnd();
            assertEquals(0, reader.exitStatus(), at + report);
        }
        found = new HashMap<>();
        for (final String pair : report.strip().split(" "))
        {
            found.put(pair.substring(0, pair.indexOf('=')), Long.valueOf(pair.substring(pair.indexOf('=') + 1)));
        }

        final long attempted = witness.get(EndlessWriter.ATTEMPTED);
        final long published = witness.get(EndlessWriter.PUBLISHED);
        final long last = found.get("last");
        lost += Math.max(0, published - last);
        torn += found.get("torn");
        doubled += found.get("doubled");
        checked += found.get("checked");
        inCreation += hasLitter ? 1 : 0;
        halfWritten += found.get("begun");
        resumed += found.get("resumes") - resumesBefore;
        final String what = at + " attempted=" + attempted + " published=" + published + " before=" + lastBefore +
            " found " + report;
        assertTrue(published <= last && last <= attempted, what);
        assertEquals(0, found.get("torn") + found.get("doubled") + found.get("missing") + found.get("gapsTold"), what);
    }

    /**
     * Channels before the current one are closed and were read whole.
     */
    private void deleteWhatEverybodyHasRead() throws IOException
    {
        final long keptFrom = Math.min(found.get("channel"), Math.max(1, witness.get(LIVE_READER_AT)));
        for (long id = keptFrom - 1; Files.deleteIfExists(ChannelPath.file(root, id)); id--)
        {
            Files.delete(ChannelPath.writerFile(root, id));
        }
    }

    /**
     * The last channel is closed in good order: nothing but channels and their locks stays behind, and whoever read
     * all along has read everything.
     *
     * @return how many records it has checked.
     */
    private long closeAndAwait(final ChildJvm liveReader) throws IOException, InterruptedException
    {
        final long last = found.get("last");
        final long id = found.get("channel");
        witness.set(LAST_CHANNEL, id);
        NumberedRecords.createOrResume(EndlessWriter.builder(root, id), new SequenceHandler(last)).close();

        final String report = liveReader.awaitEnd();
        assertTrue(
            report.startsWith("last=" + last + " checked=" + last + " torn=0 missing=0 doubled=0 gapsTold=0"),
            inRun + " last=" + last + " read all along: " + report);
        for (final Path file : TestChannels.filesBelow(root))
        {
            assertTrue(file.toString().matches(".*\\.(kekbit|writer)"), inRun + " left: " + file);
        }

        return last;
    }

    /**
     * Check a channel that is as it was before a record, but for parts of what it is after.
     */
    private String checkCopy(final byte[] before, final byte[] after, final int max, final int... startsAndLengths)
        throws IOException
    {
        final byte[] bytes = before.clone();
        for (int i = 0; i < startsAndLengths.length; i += 2)
        {
            System.arraycopy(after, startsAndLengths[i], bytes, startsAndLengths[i], startsAndLengths[i + 1]);
        }
        final Path copy = TestChannels.file(folder.resolve("copy"));
        Files.createDirectories(copy.getParent());
        Files.write(copy, bytes);
        final RecordCheck check = new RecordCheck(1, max);
        try (ShmReader reader = check.open(folder.resolve("copy"), TestChannels.CHANNEL_ID))
        {
            check.readAll(reader);
        }
        assertFalse(check.torn() > 0 && check.isFlawless());

        return "last=" + check.last() + " torn=" + check.torn();
    }

    /**
     * Reads all there is from a channel on, and reports it.
     */
    static final class FreshReader
    {
        private FreshReader()
        {
        }

        public static void main(final String[] args)
        {
            final Path root = Path.of(args[0]);
            long id = Long.parseLong(args[1]);
            long first = Long.parseLong(args[2]);
            final RecordCheck check = new RecordCheck(first, EndlessWriter.MAX_LENGTH);
            boolean isBegun = false;
            long resumes = 0;
            long resumesOfLast = 0;
            boolean isClosed = true;
            while (isClosed)
            {
                resumesOfLast = 0;
                try (ShmReader reader = check.open(root, id))
                {
                    check.readAll(reader);
                    isClosed = reader.state() == ReaderState.CLOSED;
                    resumesOfLast = reader.extension().writerEpoch() - 1;
                    resumes += resumesOfLast;
                    isBegun = !isClosed && isBegun(reader, check.last() + 1);
                }
                catch (final ChannelNotFoundException ex)
                {
                    isClosed = false;
                }
                if (isClosed)
                {
                    id++;
                    first = check.last() + 1;
                }
            }
            System.out.println(
                check + " channel=" + id + " first=" + first + " resumes=" + resumes +
                    " resumesOfLast=" + resumesOfLast + " begun=" + (isBegun ? 1 : 0));
        }

        /**
         * Whether the next record's payload was begun behind the watermark.
         */
        private static boolean isBegun(final ShmReader reader, final long number)
        {
            final int length = NumberedRecords.length(number, EndlessWriter.MAX_LENGTH);
            final int compared = Math.min(length, Long.BYTES);
            final UnsafeBuffer expected = new UnsafeBuffer(new byte[length]);
            NumberedRecords.fill(number, expected, 0, length);
            final int start = RecordDescriptor.RECORD_AREA_OFFSET + (int)reader.position() +
                RecordDescriptor.LENGTH_WORD_LENGTH + EnvelopeDescriptor.SEQUENCE_LENGTH;
            final UnsafeBuffer actual = new UnsafeBuffer(new byte[compared]);
            if (start + compared > reader.buffer().capacity())
            {
                return false;
            }
            reader.buffer().getBytes(start, actual, 0, compared);

            return actual.equals(new UnsafeBuffer(expected, 0, compared));
        }
    }

    /**
     * Reads all channels while they are written, through all kills.
     */
    static final class LiveReader
    {
        private LiveReader()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            final Path root = Path.of(args[0]);
            final RecordCheck check = new RecordCheck(1, EndlessWriter.MAX_LENGTH);
            try (SharedWords witness = SharedWords.open(Path.of(args[1])))
            {
                for (long id = 1; check.isFlawless() && id - 1 != lastChannel(witness); id++)
                {
                    witness.set(LIVE_READER_AT, id);
                    read(root, id, check);
                }
            }
            System.out.println(check);
        }

        private static long lastChannel(final SharedWords witness)
        {
            final long last = witness.get(LAST_CHANNEL);

            return last == 0 ? Long.MAX_VALUE : last;
        }

        private static void read(final Path root, final long id, final RecordCheck check)
        {
            while (true)
            {
                try (ShmReader reader = check.open(root, id))
                {
                    while (check.isFlawless() && reader.state() != ReaderState.CLOSED)
                    {
                        if (check.readAll(reader) == 0)
                        {
                            LockSupport.parkNanos(20_000);
                        }
                    }

                    return;
                }
                catch (final ChannelNotFoundException | StorageNotReadyException ex)
                {
                    LockSupport.parkNanos(200_000);
                }
            }
        }
    }
}
