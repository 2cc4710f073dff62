package io.kekbit.aeron.replication;

import io.aeron.ExclusivePublication;
import io.kekbit.core.BlockHandler;
import io.kekbit.core.BlockReader;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.ChannelCopy;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One channel on its way to a target: first what it is made of, then its blocks from a position on, up to its end. What
 * cannot be sent now is sent at the next call, from the same position.
 */
final class OutgoingChannel
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int STEP_LENGTH = 1024 * 1024;
    private static final long FILE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String GO_ON_BEHIND =
        ". The series goes on behind it, and no copy passes it by itself: move this channel and all before it away " +
            "here, move the copy's file of it away, and let the target skip what was deleted.";
    private static final UnsafeBuffer NO_BLUEPRINT = new UnsafeBuffer(new byte[0]);

    private final RequestedPlace place;
    private final NextChannel next;
    private final Replies replies;
    private final BlockSender sender;
    private final int blocksPerTurn;

    private final BlockHandler skipping = (buffer, offset, length, position, timeTicks) -> true;

    private BlockReader reader;
    private ChannelBlueprint made;
    private UnsafeBuffer blueprint = NO_BLUEPRINT;
    private int blueprintSent;
    private boolean isAtPosition;
    private Object fileKey;
    private long nextLookNs;
    private long nextFileNs;
    private boolean isNextPublished;
    private boolean isDone;

    /**
     * @param place         where the target is.
     * @param next          to look for the channel behind this one.
     * @param replies       to tell what it is made of and where it ends.
     * @param sender        of the blocks.
     * @param blocksPerTurn the most blocks to send in a call.
     */
    OutgoingChannel(
        final RequestedPlace place,
        final NextChannel next,
        final Replies replies,
        final BlockSender sender,
        final int blocksPerTurn)
    {
        this.place = place;
        this.next = next;
        this.replies = replies;
        this.sender = sender;
        this.blocksPerTurn = blocksPerTurn;
    }

    /**
     * Look what the channel is made of.
     *
     * @return why it cannot be sent, or null.
     * @throws ChannelException where it cannot be opened.
     */
    Refused open(final ExclusivePublication publication, final long nowNs)
    {
        final CopiedStream stream = place.stream();
        try (ShmReader channel = ShmReader.builder(place.file()).readSuspect(true).open())
        {
            made = ChannelBlueprint.of(channel);
        }
        if (stream.isSeries() && made.streamId() == 0)
        {
            return place.refused(
                place.position() > 0 ? RefusalReason.POSITION_BEYOND_END : RefusalReason.UNKNOWN_STREAM,
                place + ": the channel is made ready only");
        }
        final long longest = BlockSender.messageLength(made.header().maxMessageLength());
        if (longest > publication.maxMessageLength())
        {
            return place.refused(
                RefusalReason.RECORD_TOO_LONG,
                "maxRecordLength=" + made.header().maxMessageLength() + " takes messageLength=" + longest +
                    " maxMessageLength=" + publication.maxMessageLength() + " termLength=" +
                    publication.termBufferLength() + ". The response channel needs a longer term: term-length=" +
                    "8 times the message at least, and no message is longer than 16 MiB.");
        }

        blueprint = new UnsafeBuffer(new byte[made.encodedLength()]);
        made.encode(blueprint, 0);
        blueprintSent = 0;
        isAtPosition = false;
        isNextPublished = false;
        isDone = false;
        nextLookNs = nowNs;
        nextFileNs = nowNs + FILE_INTERVAL_NS;
        if (stream.isSeries())
        {
            next.of(stream, place.ordinal() + 1, nowNs);
        }

        return null;
    }

    /**
     * Send the next part of what it is made of.
     *
     * @return what the publication answered.
     */
    long sendBlueprint(final ExclusivePublication publication, final long requestId)
    {
        final int length =
            Math.min(blueprint.capacity() - blueprintSent, Replies.maxPartLength(publication));
        final long result = replies.blueprintPart(
            publication, requestId, place.ordinal(), place.position(), blueprint, blueprint.capacity(), blueprintSent,
            length);
        if (result > 0)
        {
            blueprintSent += length;
            if (blueprintSent == blueprint.capacity())
            {
                blueprint = NO_BLUEPRINT;
                blueprintSent = 0;
            }
        }

        return result;
    }

    /**
     * Whether all was sent of what it is made of.
     */
    boolean isBlueprintSent()
    {
        return blueprint == NO_BLUEPRINT;
    }

    /**
     * Go a step towards where the copy ends: a channel without an index is walked along its records.
     *
     * @param tailChecksum of what stands before that in the copy.
     * @return why nothing can be sent from there, or null; then {@link #isAtPosition()} says whether it is reached.
     */
    Refused goToPosition(final int tailChecksum)
    {
        final Refused why = goToPosition();
        if (why != null || !isAtPosition || place.position() == 0)
        {
            return why;
        }
        try
        {
            if (reader.tailChecksum() != tailChecksum)
            {
                return place.refused(
                    reader.state() == ReaderState.CORRUPT ? RefusalReason.SOURCE_DAMAGED : RefusalReason.DIVERGED,
                    place.toString());
            }
        }
        catch (final ChannelException ex)
        {
            return place.failed(ex);
        }

        return null;
    }

    /**
     * Go a step towards the position, where there is no copy to compare with.
     *
     * @return why nothing can be sent from there, or null; then {@link #isAtPosition()} says whether it is reached.
     */
    Refused goToPosition()
    {
        try
        {
            if (reader == null)
            {
                fileKey = fileKey(place.file());
                reader = BlockReader.open(place.file());
                if (!reader.blueprint().equals(made) || !isStillThere())
                {
                    return place.refused(
                        RefusalReason.UNKNOWN_STREAM, place.stream() + " ordinal=" + place.ordinal() + " replaced");
                }
                made = null;
            }
            isAtPosition = reader.moveTowards(place.position(), STEP_LENGTH);
            if (!isAtPosition && reader.state() == ReaderState.CORRUPT)
            {
                return place.refused(RefusalReason.SOURCE_DAMAGED, place.toString());
            }
        }
        catch (final ChannelException ex)
        {
            return place.failed(ex);
        }

        return null;
    }

    /**
     * Whether the reader stands where the copy ends, so that blocks can be sent.
     */
    boolean isAtPosition()
    {
        return isAtPosition;
    }

    /**
     * Send blocks. What the sender was answered last is its {@link BlockSender#result()}.
     *
     * @return how many were sent.
     */
    int sendBlocks(final long nowNs)
    {
        int work = 0;
        sender.forgetResult();
        while (work < blocksPerTurn && reader.poll(sender, sender.lengthLimit()) > 0)
        {
            work++;
        }
        if (work > 0 && sender.result() >= 0)
        {
            // Why nothing follows is asked only when nothing has followed for a while.
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
        }

        return work;
    }

    /**
     * Leave a block out.
     *
     * @return how many were left out, one at most.
     */
    int skipBlock()
    {
        return reader.poll(skipping, ChannelCopy.MAX_BLOCK_LENGTH) > 0 ? 1 : 0;
    }

    /**
     * Up to where blocks were sent or left out.
     */
    long position()
    {
        return reader.position();
    }

    /**
     * What identifies the file that is read, also where another one has come into its place.
     */
    Object fileKey()
    {
        return fileKey;
    }

    /**
     * Find out why there was no block to be sent.
     *
     * @return why none will follow, or null where it is not known to be so, or the channel is {@link #isDone()}.
     */
    Refused checkEnd(final long nowNs)
    {
        if (isNextPublished && reader.isAtEnd())
        {
            // Nothing is written any more into the channel before that, and nothing was left after it was seen.
            isDone = true;
            return null;
        }
        if (!isNextPublished && place.stream().isSeries() && next.isPublished(nowNs))
        {
            isNextPublished = true;
            return null;
        }
        if (nowNs - nextLookNs < 0)
        {
            return null;
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        switch (reader.state())
        {
            case CLOSED ->
            {
                return checkNext();
            }
            case CORRUPT ->
            {
                return place.refused(
                    RefusalReason.SOURCE_DAMAGED,
                    standing(ReaderState.CORRUPT) + (isNextPublished ? GO_ON_BEHIND : ""));
            }
            case SUSPECT ->
            {
                // Also where the series is in its next channel: the next writer of the series closes this one first.
                return place.refused(RefusalReason.SOURCE_SUSPECT, standing(ReaderState.SUSPECT));
            }
            default ->
            {
                return checkFile(nowNs);
            }
        }
    }

    /**
     * This one was seen to be closed: is the series, too? The next one may have been published since it was looked for.
     */
    private Refused checkNext()
    {
        if (!isNextPublished && place.stream().isSeries())
        {
            isNextPublished = next.isPublishedNow();
        }
        if (!isNextPublished && next.failure() != null)
        {
            return place.failed(next.failure());
        }
        isDone = true;

        return null;
    }

    /**
     * Whether all of it was sent, and nothing will follow in it.
     */
    boolean isDone()
    {
        return isDone;
    }

    /**
     * Tell the target where it ends.
     *
     * @return what the publication answered.
     */
    long sendEnd(final ExclusivePublication publication, final long requestId)
    {
        return replies.channelEnd(publication, requestId, place.ordinal(), reader.position(), isNextPublished);
    }

    /**
     * Let go of the file.
     */
    void close()
    {
        CloseHelper.close(reader);
        reader = null;
    }

    private String standing(final ReaderState state)
    {
        return place.stream() + " ordinal=" + place.ordinal() + " position=" + reader.position() + " state=" + state;
    }

    /**
     * Something may be written yet, if the file is still the channel's: when it was deleted or replaced, nobody writes
     * to what is read here any more.
     */
    private Refused checkFile(final long nowNs)
    {
        if (nowNs - nextFileNs < 0)
        {
            return null;
        }
        nextFileNs = nowNs + FILE_INTERVAL_NS;

        // When it asks again, it is told what is there now.
        return isStillThere() ? null : place.refused(
            RefusalReason.UNKNOWN_STREAM, place.stream() + " ordinal=" + place.ordinal() + " deleted or replaced");
    }

    private boolean isStillThere()
    {
        return Objects.equals(fileKey, fileKey(reader.file()));
    }

    static Object fileKey(final Path file)
    {
        try
        {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        }
        catch (final IOException ex)
        {
            return null;
        }
    }
}
