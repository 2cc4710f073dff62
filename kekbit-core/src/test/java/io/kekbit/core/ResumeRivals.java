package io.kekbit.core;

import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.handlers.SequenceHandler;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two processes that resume the same channels at the same instants, after the process that wrote them was killed.
 */
final class ResumeRivals
{
    static final long RESUMED = 1;
    static final long REFUSED = 2;

    private static final int ARRIVED = 0;
    private static final int ANSWERED = 8;
    private static final int ANSWERS = 16;
    private static final int MAX_LENGTH = 100;
    private static final int RECORDS = 100;
    private static final int RECORDS_OF_WINNER = 10;

    private ResumeRivals()
    {
    }

    /**
     * Let a process write channels and kill it.
     */
    static void letWriterDie(final Path root, final int channels) throws IOException, InterruptedException
    {
        try (ChildJvm writer = ChildJvm.start(ChildJvm.QUICK_START, DyingWriter.class, root, channels))
        {
            assertEquals("ready", writer.readLine());
            assertEquals("", writer.killAndRead());
        }
    }

    static SharedWords race(final Path root, final Path file, final int channels)
        throws IOException, InterruptedException
    {
        final SharedWords words = SharedWords.create(file, ANSWERS + 2 * (channels + 1));
        try (ChildJvm first = ChildJvm.start(ChildJvm.QUICK_START, Rival.class, root, file, 0, channels);
            ChildJvm second = ChildJvm.start(ChildJvm.QUICK_START, Rival.class, root, file, 1, channels))
        {
            assertEquals("", first.awaitEnd());
            assertEquals("", second.awaitEnd());
        }

        return words;
    }

    static long[] answers(final SharedWords words, final int channelId)
    {
        return new long[]{words.get(ANSWERS + 2 * channelId), words.get(ANSWERS + 2 * channelId + 1)};
    }

    /**
     * What the dead writer published is there, and behind it what the one winner wrote.
     */
    static void assertWhole(final Path root, final int channelId)
    {
        final RecordCheck check = new RecordCheck(1, MAX_LENGTH);
        try (ShmReader reader = check.open(root, channelId))
        {
            check.readAll(reader);
            assertTrue(check.isFlawless(), "channel " + channelId + " " + check);
            assertEquals(RECORDS + RECORDS_OF_WINNER, check.last(), "channel " + channelId);
            assertEquals(ReaderState.CLOSED, reader.state(), "channel " + channelId);
            assertEquals(2, reader.extension().writerEpoch(), "channel " + channelId);
        }
    }

    private static ShmWriterBuilder<RawBinDataFormat> builder(final Path root, final int channelId)
    {
        final Header header = TestChannels.smallHeader().channelId(channelId).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE);
    }

    /**
     * Writes, begins one record more, and waits for its end.
     */
    static final class DyingWriter
    {
        private DyingWriter()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            final int channels = Integer.parseInt(args[1]);
            for (int channelId = 1; channelId <= channels; channelId++)
            {
                final EnvelopeWriter<RawBinDataFormat> writer = NumberedRecords.createOrResume(
                    builder(Path.of(args[0]), channelId), new SequenceHandler());
                for (int number = 1; number <= RECORDS; number++)
                {
                    NumberedRecords.tryWrite(writer, number, MAX_LENGTH);
                }
                writer.claim(MAX_LENGTH);
                NumberedRecords.fill(RECORDS + 1, writer.slot(), 0, MAX_LENGTH / 2);
            }
            System.out.println("ready");
            while (true)
            {
                LockSupport.park();
            }
        }
    }

    /**
     * Resumes if it can, writes, and holds the channel until the other has its answer.
     */
    static final class Rival
    {
        private Rival()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            final Path root = Path.of(args[0]);
            final int index = Integer.parseInt(args[2]);
            final int channels = Integer.parseInt(args[3]);
            try (SharedWords words = SharedWords.open(Path.of(args[1])))
            {
                for (int channelId = 1; channelId <= channels; channelId++)
                {
                    words.meet(ARRIVED, 2L * channelId);
                    try (EnvelopeWriter<RawBinDataFormat> writer =
                        NumberedRecords.createOrResume(builder(root, channelId), new SequenceHandler()))
                    {
                        for (int number = RECORDS + 1; number <= RECORDS + RECORDS_OF_WINNER; number++)
                        {
                            NumberedRecords.tryWrite(writer, number, MAX_LENGTH);
                        }
                        words.set(ANSWERS + 2 * channelId + index, RESUMED);
                        words.meet(ANSWERED, 2L * channelId);
                    }
                    catch (final WriterActiveException ex)
                    {
                        words.set(ANSWERS + 2 * channelId + index, REFUSED);
                        words.meet(ANSWERED, 2L * channelId);
                    }
                }
            }
        }
    }
}
