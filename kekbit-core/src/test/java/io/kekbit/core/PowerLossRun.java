package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The life of one channel, through one loss of power after the other: it is created, written, and taken over after each
 * restart, on a device that may strike at any instant of all that. Everything follows from a seed.
 */
final class PowerLossRun
{
    private static final int MAX_LOSSES = 4;
    private static final int ENVELOPE_LENGTH = 12;
    private static final int[] CAPACITIES = {16 * 1024, 24_568, 40_000, 65_536, 65_536, 65_536, 100_000, 300_000};
    private static final int[] FLUSH_PERIODS = {1000, 300, 40, 8};
    private static final long OTHER_BOOT = 0x1122_3344_5566_7788L;

    /**
     * Where the power goes.
     */
    private enum Moment
    {
        ANYWHERE, RESUMING, ENCODING, FLUSHING, CLOSING, BETWEEN_RECORDS
    }

    private final Path base;
    private final String name;
    private final boolean isOrderWrong;
    private final PowerLossCheck check;
    private final SplittableRandom random;
    private final boolean isEnveloped;
    private final boolean isAligned;
    private final int maxLength;
    private final Header header;
    private final PublishedRecords records = new PublishedRecords();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[8192]);

    private Path root;
    private byte[] image;
    private VolatileDevice device;
    private Writer<RawBinDataFormat> writer;
    private long guaranteed;
    private boolean isCloseGuaranteed;

    PowerLossRun(final Path base, final long seed, final boolean isOrderWrong, final PowerLossCheck check)
    {
        this.base = base;
        this.isOrderWrong = isOrderWrong;
        this.check = check;
        name = "seed=" + seed;
        random = new SplittableRandom(seed);
        isEnveloped = random.nextInt(4) > 0;
        // Records of 64 bytes that begin where a page does: what follows a lost page is read at its right place then.
        isAligned = random.nextBoolean();
        final int capacity = CAPACITIES[random.nextInt(CAPACITIES.length)];
        maxLength = capacity / 128 - 16 - ENVELOPE_LENGTH;
        header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID)
            .capacity(capacity)
            .maxMessageLength(maxLength + ENVELOPE_LENGTH)
            .build();
    }

    /**
     * Lose power until the channel is closed, or something is wrong, or often enough.
     *
     * @param maxLosses the most to inflict.
     */
    void run(final int maxLosses) throws IOException
    {
        final int losses = 1 + random.nextInt(Math.min(MAX_LOSSES, maxLosses));
        final long wrongBefore = check.wrong();
        boolean isClosed = false;
        for (int loss = 0; loss < losses && !isClosed && check.wrong() == wrongBefore; loss++)
        {
            isClosed = loseOnce(loss);
        }
    }

    /**
     * Go on where the last loss left the channel, and lose power again.
     *
     * @return whether the channel is closed now.
     */
    private boolean loseOnce(final int loss) throws IOException
    {
        final Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        open(loss, moment);
        final String where = name + " loss=" + loss + " moment=" + moment;
        try
        {
            if (!device.isStruck() && random.nextInt(3) == 0)
            {
                write(moment, random.nextInt(200));
                endAndResume(loss);
            }
            write(moment, random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt(500));
            lastAct(moment);
            device.strike();
        }
        finally
        {
            writer.close();
        }

        image = device.image();
        check.addPagesLost(device.pagesLost());
        new UnsafeBuffer(image).putLong(ExtensionDescriptor.BOOT_ID_OFFSET, OTHER_BOOT + loss);
        putFile(base.resolve(loss + "-after"), image);
        check.check(where, root, image, records, guaranteed, isCloseGuaranteed, isEnveloped, random.split());

        return word(durablePosition()) == RecordDescriptor.CLOSE;
    }

    private void open(final int loss, final Moment moment) throws IOException
    {
        if (loss == 0)
        {
            root = base.resolve("created");
            device = new VolatileDevice(random.split(), isOrderWrong, null, null);
            writer = open(builder(), true);
            guaranteed = writer.writeOffset();
            return;
        }

        device = new VolatileDevice(random.split(), isOrderWrong, image.clone(), image);
        if (moment == Moment.RESUMING)
        {
            device.strikeAfter(random.nextInt(30));
        }
        final long durable = durablePosition();
        final boolean isNothingBehind = isNothingBehind((int)durable);
        final byte[] before = image.clone();
        Writer<RawBinDataFormat> willing = null;
        try
        {
            willing = open(builder(), false);
            check.expectBelow(isNothingBehind, name + " resumed though something stands behind " + durable);
        }
        catch (final ChannelSuspectException ex)
        {
            check.expectBelow(!isNothingBehind, name + " refused though nothing stands behind " + durable);
            check.expectBelow(
                Arrays.equals(before, Files.readAllBytes(TestChannels.file(root))), name + " changed by refusal");
        }
        writer = willing == null ? open(builder().discardSuspect(true), false) : willing;
        if (!device.isStruck())
        {
            records.cutAt(durable);
            check.expectBelow(
                writer.writeOffset() == durable, name + " resumed at " + writer.writeOffset() + " not " + durable);
            guaranteed = durable;
        }
    }

    private Writer<RawBinDataFormat> open(final ShmWriterBuilder<RawBinDataFormat> builder, final boolean isNew)
    {
        if (isEnveloped)
        {
            final SequenceHandler sequence = new SequenceHandler();
            return isNew ? EnvelopeWriter.create(builder, sequence, new ChecksumHandler()) :
                EnvelopeWriter.resume(builder, sequence, new ChecksumHandler());
        }

        return isNew ? builder.create() : builder.resume();
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).initialHeartbeat(!isAligned).files(device);
    }

    /**
     * The writer ends, but the machine does not: another process goes on. Either the process dies, with a claim open,
     * or the device does not take what it flushes.
     */
    private void endAndResume(final int loss) throws IOException
    {
        if (device.isStruck())
        {
            return;
        }
        final long end = writer.writeOffset();
        if (random.nextBoolean())
        {
            failToFlush();
        }
        else if (writer.tryClaim(maxLength) > 0)
        {
            writer.slot().setMemory(0, maxLength, (byte)0x11);
        }
        if (device.isStruck())
        {
            return;
        }
        final VolatileDevice next = device.forNextProcess();
        device.strike();
        writer.close();

        putFile(base.resolve(loss + "-ended"), next.memory());
        device = next;
        writer = open(builder(), false);
        check.expectBelow(writer.writeOffset() == end, name + " resumed at " + writer.writeOffset() + " not " + end);
    }

    private void failToFlush()
    {
        device.failForce(1 + random.nextInt(2));
        try
        {
            writer.flush();
            check.expectBelow(device.isStruck(), name + " flushed what the device did not take");
        }
        catch (final FlushFailedException ex)
        {
            check.addFailedForce();
        }
    }

    private void write(final Moment moment, final int count)
    {
        if (moment == Moment.ANYWHERE)
        {
            device.strikeAfter(random.nextInt(1 + 5 * Math.min(count, 500)));
        }
        final int flushPeriod = FLUSH_PERIODS[random.nextInt(FLUSH_PERIODS.length)];
        boolean isRoomLeft = true;
        for (int i = 0; i < count && isRoomLeft && !device.isStruck(); i++)
        {
            isRoomLeft = writeOne();
            if (random.nextInt(flushPeriod) == 0)
            {
                flush();
            }
            if (!isAligned && random.nextInt(20) == 0)
            {
                writer.tryHeartbeat();
            }
        }
    }

    private void lastAct(final Moment moment)
    {
        if (device.isStruck())
        {
            return;
        }
        switch (moment)
        {
            case ENCODING ->
            {
                device.strikeAfter(random.nextInt(5));
                writeOne();
            }
            case FLUSHING ->
            {
                device.strikeAfter(random.nextInt(7));
                flush();
            }
            case CLOSING ->
            {
                device.strikeAfter(random.nextInt(16));
                writer.close();
                isCloseGuaranteed = !device.isStruck();
            }
            default ->
            {
                // The power goes now.
            }
        }
    }

    private void flush()
    {
        if (device.isStruck())
        {
            return;
        }
        final long position = writer.writeOffset();
        writer.flush();
        guaranteed = device.isStruck() ? guaranteed : position;
    }

    /**
     * Append a record, during which the power may go.
     *
     * @return false where there is no room left.
     */
    private boolean writeOne()
    {
        final long seed = random.nextLong();
        final int length = isAligned ? 56 - (isEnveloped ? ENVELOPE_LENGTH : 0) - random.nextInt(8) :
            1 + random.nextInt(maxLength);
        NumberedRecords.fill(seed, payload, 0, length);
        final long position = writer.writeOffset();
        final long result = writer.tryWrite(
            (final RawBinDataFormat format, final MutableDirectBuffer slot, final int offset, final int longest) ->
            {
                final int half = length / 2;
                slot.putBytes(offset, payload, 0, half);
                device.event();
                slot.putBytes(offset + half, payload, half, length - half);

                return length;
            });
        if (result < 0)
        {
            return false;
        }
        if (!device.isStruck() || isPublished(position))
        {
            records.add(new PublishedRecords.Entry(position, position + result, seed, length));
        }

        return true;
    }

    /**
     * Whether the record's length was stored before the power went.
     */
    private boolean isPublished(final long position)
    {
        final long word = new UnsafeBuffer(device.memory())
            .getLong(RecordDescriptor.RECORD_AREA_OFFSET + (int)position, LITTLE_ENDIAN);

        return word > 0 && word <= header.maxMessageLength();
    }

    private boolean isNothingBehind(final int durable)
    {
        if (word(durable) != RecordDescriptor.WATERMARK)
        {
            return false;
        }
        final int end = (int)RecordDescriptor.wholeFileLength(header.capacity());
        for (int i = RecordDescriptor.RECORD_AREA_OFFSET + durable + Long.BYTES; i < end; i++)
        {
            if (image[i] != 0)
            {
                return false;
            }
        }

        return true;
    }

    private long durablePosition()
    {
        return new UnsafeBuffer(image).getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    private long word(final long position)
    {
        return new UnsafeBuffer(image).getLong(RecordDescriptor.RECORD_AREA_OFFSET + (int)position, LITTLE_ENDIAN);
    }

    private void putFile(final Path newRoot, final byte[] content) throws IOException
    {
        root = newRoot;
        final Path file = TestChannels.file(root);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
