package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Looks at what a power loss left of a channel, against what was published, and counts what is right and wrong.
 */
final class PowerLossCheck
{
    private static final int MOVES = 4;
    private static final int READS_BEHIND_MOVE = 10;

    private int losses;
    private long pagesLost;
    private long failedForces;
    private long recordsBelowDurable;
    private long wrongBelowDurable;
    private long deliveredAbove;
    private long gapsNamed;
    private long missingTail;
    private long wrongAbove;
    private long moves;
    private long wrongMoves;
    private String firstWrong = "nothing was wrong";

    private String where = "";
    private Path root;
    private PublishedRecords records;
    private SplittableRandom random;
    private long durable;
    private boolean isMarkedClosed;
    private int lastSequence;

    /**
     * Check what is left.
     *
     * @param whereItIs    for messages.
     * @param channelRoot  the folder in which the file is found after the restart.
     * @param image        its content.
     * @param published    all that was published.
     * @param guaranteed   the position up to which a flush that returned vouches.
     * @param mustBeClosed whether closing returned.
     * @param isEnveloped  whether the records have numbers and checksums.
     * @param source       of the places to look at.
     */
    void check(
        final String whereItIs,
        final Path channelRoot,
        final byte[] image,
        final PublishedRecords published,
        final long guaranteed,
        final boolean mustBeClosed,
        final boolean isEnveloped,
        final SplittableRandom source)
    {
        losses++;
        where = whereItIs;
        root = channelRoot;
        records = published;
        random = source;
        final UnsafeBuffer content = new UnsafeBuffer(image);
        durable = content.getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN);
        isMarkedClosed =
            content.getLong(RecordDescriptor.RECORD_AREA_OFFSET + (int)durable, LITTLE_ENDIAN) ==
                RecordDescriptor.CLOSE;
        expectBelow(durable >= guaranteed, "durable=" + durable + " guaranteed=" + guaranteed);
        expectBelow(isMarkedClosed || !mustBeClosed, "not closed");

        checkOrdinaryReader();
        checkMoves();
        if (isEnveloped)
        {
            checkReaderThatGoesOn();
            checkMovesOfReaderThatGoesOn();
        }
    }

    void addPagesLost(final int count)
    {
        pagesLost += count;
    }

    void addFailedForce()
    {
        failedForces++;
    }

    int losses()
    {
        return losses;
    }

    long recordsBelowDurable()
    {
        return recordsBelowDurable;
    }

    long wrongBelowDurable()
    {
        return wrongBelowDurable;
    }

    long gapsNamed()
    {
        return gapsNamed;
    }

    long wrong()
    {
        return wrongBelowDurable + wrongAbove + wrongMoves;
    }

    String firstWrong()
    {
        return firstWrong;
    }

    void print()
    {
        Evidence.print(
            "power loss",
            "losses", losses,
            "pagesLost", pagesLost,
            "recordsBelowDurable", recordsBelowDurable,
            "wrongBelowDurable", wrongBelowDurable,
            "deliveredAbove", deliveredAbove,
            "gapsNamed", gapsNamed,
            "missingTail", missingTail,
            "wrongAbove", wrongAbove,
            "moves", moves,
            "wrongMoves", wrongMoves,
            "failedForces", failedForces);
    }

    /**
     * All that the durable position vouches for, and not a record more.
     */
    private void checkOrdinaryReader()
    {
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            final int expected = records.countBelow(durable);
            int index = 0;
            while (reader.next())
            {
                expectBelow(
                    index < expected && records.isRight(
                        index, reader.recordPosition(), reader.buffer(), reader.offset(), reader.length()),
                    "record " + index + " at " + reader.recordPosition());
                index++;
                recordsBelowDurable++;
            }
            if (index < expected)
            {
                wrongBelowDurable += expected - index - 1;
                expectBelow(false, "records=" + index + " expected=" + expected);
            }
            expectBelow(reader.position() == durable, "ends at " + reader.position() + " durable=" + durable);
            expectBelow(
                reader.state() == (isMarkedClosed ? ReaderState.CLOSED : ReaderState.SUSPECT),
                "state=" + reader.state());
        }
        catch (final ChannelException ex)
        {
            expectBelow(false, ex.getMessage());
        }
    }

    private void checkMoves()
    {
        final int vouched = records.countBelow(durable);
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            for (int i = 0; i < MOVES && vouched > 0; i++)
            {
                final int index = random.nextInt(vouched);
                reader.moveTo(records.get(index).position());
                expectMove(
                    reader.next() && records.isRight(
                        index, reader.recordPosition(), reader.buffer(), reader.offset(), reader.length()),
                    "moved to record " + index);
                expectRefusedInside(reader, records.get(random.nextInt(vouched)));
            }
            reader.moveToEnd();
            expectMove(reader.position() == durable, "moved to the end, " + reader.position());
        }
        catch (final ChannelException ex)
        {
            expectMove(false, ex.getMessage());
        }
    }

    private void expectRefusedInside(final ShmReader reader, final PublishedRecords.Entry entry)
    {
        try
        {
            reader.moveTo(entry.position() + RecordDescriptor.ALIGNMENT);
            expectMove(false, "moved into the record at " + entry.position());
        }
        catch (final InvalidPositionException ex)
        {
            expectMove(true, "");
        }
    }

    /**
     * Whatever it delivers is right, and whatever is missing it names: by a gap, or by where it ends.
     */
    private void checkReaderThatGoesOn()
    {
        lastSequence = 0;
        final SequenceGapListener listener = (expected, actual, position) ->
        {
            expectAbove(
                expected == lastSequence + 1 && actual > expected,
                "gap of " + expected + ".." + actual + " behind " + lastSequence);
            gapsNamed += actual - expected;
            lastSequence = (int)actual - 1;
        };
        try (ShmReader reader = ShmReader
            .builder(root, TestChannels.CHANNEL_ID).readSuspect(true).gapListener(listener).open())
        {
            final long gapsBefore = gapsNamed;
            while (reader.next())
            {
                expectNext(reader);
            }
            final int tail = records.size() - lastSequence;
            missingTail += Math.max(0, tail);
            expectAbove(tail >= 0, "read up to " + lastSequence + " of " + records.size());
            final ReaderState state = reader.state();
            expectAbove(
                state != ReaderState.CLOSED || gapsNamed == gapsBefore && tail == 0 && isMarkedClosed,
                "closed with a tail of " + tail + " gaps=" + (gapsNamed - gapsBefore));
            expectAbove(
                state != ReaderState.SUSPECT, "it holds at " + reader.position() + " though told to go on");
        }
        catch (final ChannelException ex)
        {
            expectAbove(false, ex.getMessage());
        }
    }

    private void expectNext(final ShmReader reader)
    {
        final int sequence = (int)reader.sequence();
        expectAbove(sequence == lastSequence + 1, sequence + " behind " + lastSequence + " without a gap told");
        expectAbove(isRight(reader), "record " + sequence + " at " + reader.recordPosition());
        if (reader.recordPosition() >= durable)
        {
            deliveredAbove++;
        }
        lastSequence = sequence;
    }

    private boolean isRight(final ShmReader reader)
    {
        return records.isRight(
            (int)reader.sequence() - 1, reader.recordPosition(), reader.buffer(), reader.offset(), reader.length());
    }

    /**
     * Where it was moved to may be lost; what it reads there is right all the same.
     */
    private void checkMovesOfReaderThatGoesOn()
    {
        for (int i = 0; i <= MOVES && records.size() > 0; i++)
        {
            try (ShmReader reader =
                ShmReader.builder(root, TestChannels.CHANNEL_ID).readSuspect(true).open())
            {
                if (i == 0)
                {
                    reader.moveToEnd();
                }
                else
                {
                    reader.moveTo(records.get(random.nextInt(records.size())).position());
                }
                for (int read = 0; read < READS_BEHIND_MOVE && reader.next(); read++)
                {
                    expectMove(isRight(reader), "moved, then record at " + reader.recordPosition());
                }
            }
            catch (final ChannelException ex)
            {
                // It was on a page that is lost, and the reader says so.
                moves++;
            }
        }
    }

    void expectBelow(final boolean isRight, final String what)
    {
        if (!isRight)
        {
            wrongBelowDurable++;
            note(what);
        }
    }

    private void expectAbove(final boolean isRight, final String what)
    {
        if (!isRight)
        {
            wrongAbove++;
            note(what);
        }
    }

    private void expectMove(final boolean isRight, final String what)
    {
        moves++;
        if (!isRight)
        {
            wrongMoves++;
            note(what);
        }
    }

    private void note(final String what)
    {
        if (wrong() == 1)
        {
            firstWrong = where + " " + what;
        }
    }
}
