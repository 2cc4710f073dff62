package io.kekbit.core;

import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A process that writes numbered records in every way there is, as fast as it can, channel after channel, until it is
 * killed. It tells a witness outside the channel what it is about to publish, and what it has published.
 */
final class EndlessWriter
{
    static final int MAX_LENGTH = 1000;
    static final int CAPACITY = 8 * 1024 * 1024;

    /**
     * The number of the record that is being written.
     */
    static final int ATTEMPTED = 0;

    /**
     * The number of the last record whose commit has returned.
     */
    static final int PUBLISHED = 1;

    private final SharedWords witness;
    private final SplittableRandom random;
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[MAX_LENGTH]);

    private EndlessWriter(final SharedWords witness, final long seed)
    {
        this.witness = witness;
        random = new SplittableRandom(seed);
    }

    /**
     * @param args root, file of the witness, channel id, number of the last record before, seed.
     */
    public static void main(final String[] args)
    {
        ChildJvm.endWithParent();
        System.out.println("up");
        final EndlessWriter endless =
            new EndlessWriter(SharedWords.open(Path.of(args[1])), Long.parseLong(args[4]));
        endless.run(Path.of(args[0]), Long.parseLong(args[2]), Long.parseLong(args[3]));
    }

    static ShmWriterBuilder<RawBinDataFormat> builder(final Path root, final long channelId)
    {
        final Header header =
            Header.builder().channelId(channelId).capacity(CAPACITY).maxMessageLength(MAX_LENGTH + 24).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE);
    }

    private void run(final Path root, final long firstChannelId, final long lastNumber)
    {
        long last = lastNumber;
        for (long id = firstChannelId; true; id++)
        {
            final SequenceHandler sequence = new SequenceHandler(last);
            try (EnvelopeWriter<RawBinDataFormat> writer =
                NumberedRecords.createOrResume(builder(root, id), sequence))
            {
                if (id == firstChannelId)
                {
                    System.out.println("open " + sequence.last());
                }
                fill(writer, sequence);
            }
            last = sequence.last();
        }
    }

    private void fill(final Writer<RawBinDataFormat> writer, final SequenceHandler sequence)
    {
        while (true)
        {
            final long number = sequence.last() + 1;
            final int length = NumberedRecords.length(number, MAX_LENGTH);
            if (writer.longestContent() < length)
            {
                return;
            }

            witness.set(ATTEMPTED, number);
            write(writer, number, length);
            witness.set(PUBLISHED, number);

            final int chance = random.nextInt(20_000);
            if (chance == 0)
            {
                writer.flush();
            }
            else if (chance < 400)
            {
                writer.tryHeartbeat();
            }
        }
    }

    private void write(final Writer<RawBinDataFormat> writer, final long number, final int length)
    {
        switch (random.nextInt(6))
        {
            case 0 ->
            {
                NumberedRecords.fill(number, source, 0, length);
                writer.write(source, 0, length);
            }
            case 1 ->
            {
                NumberedRecords.fill(number, source, 0, length);
                require(writer.tryWrite(source, 0, length));
            }
            case 2 -> writer.write((format, slot, offset, maxLength) -> encode(number, slot, offset, length));
            case 3 -> require(
                writer.tryWrite((format, slot, offset, maxLength) -> encode(number, slot, offset, length)));
            case 4 ->
            {
                // What is claimed, written and not committed stays behind the record, and must never show.
                final int claimed = Math.min(MAX_LENGTH, writer.longestContent());
                writer.claim(claimed);
                writer.slot().setMemory(0, claimed, (byte)0xEE);
                NumberedRecords.fill(number, writer.slot(), 0, length);
                writer.commit(length);
            }
            default ->
            {
                writer.claim(length);
                writer.slot().setMemory(0, length, (byte)0xEE);
                writer.abort();
                require(NumberedRecords.tryWrite(writer, number, MAX_LENGTH));
            }
        }
    }

    private static int encode(final long number, final MutableDirectBuffer slot, final int offset, final int length)
    {
        NumberedRecords.fill(number, slot, offset, length);

        return length;
    }

    private static void require(final long result)
    {
        if (result < 0)
        {
            throw new AssertionError("refused: " + result);
        }
    }
}
