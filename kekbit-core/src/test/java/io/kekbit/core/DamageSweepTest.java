package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A channel whose records have numbers and checksums, with every byte of its file damaged in turn, and cut to every
 * length. What comes of it is the right records, with what is missing told, or an error that names the file.
 */
@Tag("damage")
class DamageSweepTest
{
    private static final int CAPACITY = 20 * 1024;
    private static final int MAX_PAYLOAD = 100;
    private static final int MAX_CONTENT = 112;
    private static final int RECORDS = 210;
    private static final int FLUSHED = 150;
    private static final int HEARTBEATS_EVERY = 9;
    private static final int BITS = Byte.SIZE;
    private static final int RESUME_STRIDE = 16;
    private static final int CLOSED_STRIDE = 2;
    private static final int RESTARTED_STRIDE = 4;
    private static final int RESUME_RESTARTED_STRIDE = 32;
    private static final int CUT_STRIDE = 8;
    private static final int NEAR = 16;
    private static final long SEED = Long.getLong("kekbit.seed", System.nanoTime());
    private static final int FLIPS = Evidence.times("kekbit.flips.per.byte", 1);

    private static long files;
    private static long opened;
    private static long resumed;
    private static long refused;
    private static long records;
    private static long misled;
    private static long wrong;

    @TempDir
    private Path root;
    private final int[] recordEnds = new int[RECORDS + 1];
    private byte[] open;
    private byte[] closed;
    private byte[] restarted;
    private Path file;
    private String firstWrong;
    private long gapsTold;

    @BeforeEach
    void writeChannel() throws IOException
    {
        final Header header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID).capacity(CAPACITY).maxMessageLength(MAX_CONTENT).build();
        file = TestChannels.file(root);
        try (EnvelopeWriter<RawBinDataFormat> writer = NumberedRecords.create(root, header))
        {
            for (int number = 1; number <= RECORDS; number++)
            {
                assertTrue(NumberedRecords.tryWrite(writer, number, MAX_PAYLOAD) > 0);
                recordEnds[number] = RecordDescriptor.RECORD_AREA_OFFSET + (int)writer.writeOffset();
                if (number % HEARTBEATS_EVERY == 0)
                {
                    writer.heartbeat();
                }
                if (number == FLUSHED)
                {
                    writer.flush();
                }
            }
            open = Files.readAllBytes(file);
        }
        closed = Files.readAllBytes(file);
        restarted = open.clone();
        restarted[ExtensionDescriptor.BOOT_ID_OFFSET] ^= 1;
    }

    @AfterAll
    static void printEvidence()
    {
        // A JVM that died would not print this.
        Evidence.print(
            "damage", "files", files, "opened", opened, "resumed", resumed, "refused", refused, "records", records,
            "wrong", wrong, "jvmDeaths", 0);
    }

    @Test
    void shouldDeliverRightRecordsOrSayWhatIsWrongWhenBitOfOpenChannelIsFlipped() throws IOException
    {
        flipAndRead(open, ReaderState.OPEN, 1);
    }

    @Test
    void shouldDeliverRightRecordsOrSayWhatIsWrongWhenBitOfClosedChannelIsFlipped() throws IOException
    {
        flipAndRead(closed, ReaderState.CLOSED, FLIPS < BITS ? CLOSED_STRIDE : 1);
    }

    @Test
    void shouldDeliverRightRecordsOrSayWhatIsWrongWhenBitIsFlippedAndMachineWasRestarted() throws IOException
    {
        flipAndRead(restarted, ReaderState.OPEN, FLIPS < BITS ? RESTARTED_STRIDE : 1);
    }

    @Test
    void shouldDeliverRightRecordsOrSayWhatIsWrongWhenCutAnywhere() throws IOException
    {
        cutAndRead(open, ReaderState.OPEN);
        cutAndRead(closed, ReaderState.CLOSED);

        assertNull(firstWrong);
    }

    @Test
    void shouldKeepRightRecordsOrRefuseWhenResumedWithFlippedBit() throws IOException
    {
        flipAndResume(open, RECORDS, FLIPS < BITS ? RESUME_STRIDE : 1);
    }

    @Test
    void shouldKeepWhatWasFlushedOrRefuseWhenResumedWithFlippedBitAndMachineWasRestarted() throws IOException
    {
        flipAndResume(restarted, FLUSHED, FLIPS < BITS ? RESUME_RESTARTED_STRIDE : RESTARTED_STRIDE);
    }

    private void flipAndResume(final byte[] content, final int kept, final int stride) throws IOException
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final long resumedBefore = resumed;
        int tried = 0;
        for (int offset = random.nextInt(stride); offset < content.length; offset += stride)
        {
            final byte[] damaged = content.clone();
            final int bit = random.nextInt(BITS);
            damaged[offset] ^= (byte)(1 << bit);
            if (kept < RECORDS && isDurablePosition(offset))
            {
                continue;
            }
            Files.write(file, damaged);
            // With the boot id of before, too, nothing is given up.
            final int expected = Arrays.equals(damaged, open) ? RECORDS : kept;
            resume(damaged, offset, expected, "seed=" + SEED + " offset=" + offset + " bit=" + bit);
            tried++;
        }

        assertNull(firstWrong);
        final long resumedNow = resumed - resumedBefore;
        assertTrue(resumedNow * 4 > tried, "seed=" + SEED + " resumed " + resumedNow + " of " + tried);
    }

    /**
     * After a restart it alone says what is to be kept, and nothing tells that it is wrong.
     */
    private static boolean isDurablePosition(final int offset)
    {
        return offset / Long.BYTES == ExtensionDescriptor.DURABLE_POSITION_OFFSET / Long.BYTES;
    }

    private void flipAndRead(final byte[] content, final ReaderState wholeState, final int stride) throws IOException
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final long misledBefore = misled;
        Files.write(file, content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            for (int offset = random.nextInt(stride); offset < content.length; offset += stride)
            {
                final int firstBit = FLIPS < BITS ? random.nextInt(BITS) : 0;
                for (int i = 0; i < FLIPS; i++)
                {
                    final int bit = (firstBit + i) % BITS;
                    put(channel, offset, content[offset] ^ 1 << bit);
                    read(wholeState, isMisleading(offset), "seed=" + SEED + " offset=" + offset + " bit=" + bit);
                }
                put(channel, offset, content[offset]);
            }
        }

        assertArrayEquals(content, Files.readAllBytes(file), "a reader changed the file, seed=" + SEED);
        assertNull(firstWrong);
        // It would be noticed if a payload were wrong: where nothing can guard against it, it is.
        assertTrue(misled > misledBefore, "seed=" + SEED);
    }

    /**
     * What is damaged here leads to other payloads, and nothing in the file tells: header and extension have no
     * checksum. Without its signature the extension counts as absent, and with it the envelope, so that whole contents
     * are taken for payloads. Another code in the envelope moves the place where the payload begins.
     */
    private static boolean isMisleading(final int offset)
    {
        final int signature = offset - ExtensionDescriptor.SIGNATURE_OFFSET;
        final int code = offset - ExtensionDescriptor.ENVELOPE_OFFSET;

        // Two codes, and the one behind them that ends the list.
        return signature >= 0 && signature < Long.BYTES || code >= 0 && code < 3;
    }

    private void cutAndRead(final byte[] content, final ReaderState wholeState) throws IOException
    {
        Files.write(file, content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            for (int length = content.length - 1; length >= 0; length--)
            {
                final int area = RecordDescriptor.RECORD_AREA_OFFSET;
                final boolean isBorder = length < NEAR || Math.abs(length - area) < NEAR ||
                    length > area + CAPACITY - NEAR || Math.abs(length - recordEnds[RECORDS]) < NEAR;
                if (isBorder || FLIPS >= BITS || length % CUT_STRIDE == 0)
                {
                    channel.truncate(length);
                    read(wholeState, false, "length=" + length);
                }
            }
        }
    }

    private void read(final ReaderState wholeState, final boolean isMisleading, final String what)
    {
        files++;
        gapsTold = 0;
        try (ShmReader reader = open())
        {
            opened++;
            final String complaint = complaint(reader, wholeState, RECORDS);
            if (isMisleading)
            {
                misled += complaint == null ? 0 : 1;
            }
            else
            {
                note(complaint, what);
            }
        }
        catch (final ChannelException ex)
        {
            refused++;
            note(ex.getMessage().contains(file.toString()) ? null : "message=" + ex.getMessage(), what);
        }
    }

    private ShmReader open()
    {
        return ShmReader.builder(root, TestChannels.CHANNEL_ID)
            .clock(() -> 0)
            .gapListener((expected, actual, position) -> gapsTold++)
            .open();
    }

    /**
     * Read to the end.
     *
     * @return what is wrong, or null.
     */
    private String complaint(final ShmReader reader, final ReaderState wholeState, final long last)
    {
        long previous = 0;
        long gaps = 0;
        while (reader.next())
        {
            final long number = reader.sequence();
            if (number <= previous || number > last || !NumberedRecords.isRight(
                number, reader.buffer(), reader.offset(), reader.length(), MAX_PAYLOAD))
            {
                return "number=" + number + " after=" + previous + " length=" + reader.length();
            }
            // Numbers begin with 1, which only the application knows: that the first are missing it has to see itself.
            gaps += number == previous + 1 || previous == 0 ? 0 : 1;
            previous = number;
            records++;
        }
        if (gaps != gapsTold)
        {
            return "gaps=" + gaps + " told=" + gapsTold;
        }
        final ReaderState state = reader.state();
        final boolean saysThatSomethingIsWrong = state == ReaderState.CORRUPT || state == ReaderState.SUSPECT;
        if (!saysThatSomethingIsWrong && (previous < last || state != wholeState))
        {
            return "state=" + state + " last=" + previous;
        }
        final long end = reader.position();
        reader.moveTo(0);
        reader.moveToEnd();

        return reader.position() == end || reader.state() == state || saysThatSomethingIsWrong ? null :
            "end=" + end + " moved=" + reader.position() + " state=" + reader.state();
    }

    private void resume(final byte[] damaged, final int offset, final int kept, final String what) throws IOException
    {
        files++;
        final SequenceHandler sequence = new SequenceHandler();
        try (EnvelopeWriter<?> writer = EnvelopeWriter.resume(
            ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .files(new UnforcedFiles())
                .discardSuspect(kept < RECORDS),
            sequence,
            new ChecksumHandler()))
        {
            resumed++;
            // Where the last number is damaged the next one is, too, but stands behind it.
            if (sequence.last() == kept)
            {
                assertTrue(NumberedRecords.tryWrite(writer, kept + 1, MAX_PAYLOAD) > 0);
            }
        }
        catch (final ChannelException ex)
        {
            refused++;
            note(ex.getMessage().contains(file.toString()) ? null : "message=" + ex.getMessage(), what);
            note(Arrays.equals(damaged, Files.readAllBytes(file)) ? null : "it was refused and changed", what);
            return;
        }

        gapsTold = 0;
        try (ShmReader reader = open())
        {
            final long before = records;
            note(complaint(reader, ReaderState.CLOSED, kept + 1), what);
            final long found = records - before;
            note(found >= Math.min(kept, recordsBefore(offset)) ? null : "records=" + found, what);
        }
    }

    /**
     * The number of records that stand before an offset; all, if it is outside the records.
     */
    private int recordsBefore(final int offset)
    {
        if (offset < RecordDescriptor.RECORD_AREA_OFFSET)
        {
            return RECORDS;
        }
        int count = 0;
        while (count < RECORDS && recordEnds[count + 1] <= offset)
        {
            count++;
        }

        return count;
    }

    private void note(final String complaint, final String what)
    {
        if (complaint != null)
        {
            wrong++;
            firstWrong = firstWrong == null ? what + " " + complaint : firstWrong;
        }
    }

    private static void put(final FileChannel channel, final int offset, final int value) throws IOException
    {
        assertEquals(1, channel.write(ByteBuffer.allocate(1).put(0, (byte)value), offset));
    }

    /**
     * Files that are not forced to the device, which is not what this is about.
     */
    private static final class UnforcedFiles extends ChannelFiles
    {
        @Override
        void force(final MappedByteBuffer mapped, final int offset, final int length)
        {
            assertTrue(length > 0);
        }
    }
}
