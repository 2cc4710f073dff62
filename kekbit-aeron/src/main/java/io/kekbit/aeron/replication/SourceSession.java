package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.BlockReader;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.series.SeriesPosition;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One target of a source: its requests, a publication for it alone, and a reader for it alone. What cannot be sent now
 * is sent at the next turn, from the same position.
 */
final class SourceSession
{
    /**
     * What the session is about, one after the other.
     */
    private enum Stage
    {
        PUBLICATION, REQUEST, OPENING, BLUEPRINT, POSITION, BLOCKS, END, NEXT, REFUSAL, GONE
    }

    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SILENCE_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REQUEST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FILE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String GO_ON_BEHIND =
        ". The series goes on behind it, and no copy passes it by itself: move this channel and all before it away " +
            "here, move the copy's file of it away, and let the target skip what was deleted.";
    private static final UnsafeBuffer NO_BLUEPRINT = new UnsafeBuffer(new byte[0]);

    private final long id;
    private final Aeron aeron;
    private final Image image;
    private final long publicationId;
    private final Path root;
    private final TargetPositions positions;
    private final Replies replies;
    private final SourceListener listener;
    private final WalkTurn walkTurn;
    private final int blocksPerTurn;
    private final long beginNs;
    private final RequestReader requests = new RequestReader();
    private final BlockSender sender = new BlockSender();
    private final NextChannel next = new NextChannel();

    private Stage stage = Stage.PUBLICATION;
    private ExclusivePublication publication;
    private long publicationNs;
    private boolean wasConnected;
    private CopyRequest request;
    private CopiedStream stream;
    private long ordinal;
    private long position;
    private BlockReader reader;
    private ChannelBlueprint made;
    private UnsafeBuffer blueprint = NO_BLUEPRINT;
    private int blueprintSent;
    private Refused refused;
    private TargetPosition kept;
    private boolean isKeepingFailed;
    private boolean hasAsked;
    private long nextRequestNs;
    private long nextLookNs;
    private long nextFileNs;
    private Object fileKey;
    private boolean isFirst;
    private boolean isNextPublished;

    SourceSession(
        final long id,
        final Aeron aeron,
        final Image image,
        final long publicationId,
        final Path root,
        final TargetPositions positions,
        final Replies replies,
        final SourceListener listener,
        final WalkTurn walkTurn,
        final int blocksPerTurn,
        final long nowNs)
    {
        this.id = id;
        this.aeron = aeron;
        this.image = image;
        this.publicationId = publicationId;
        this.root = root;
        this.positions = positions;
        this.replies = replies;
        this.listener = listener;
        this.walkTurn = walkTurn;
        this.blocksPerTurn = blocksPerTurn;
        beginNs = nowNs;
        nextRequestNs = nowNs;
    }

    long id()
    {
        return id;
    }

    Image image()
    {
        return image;
    }

    /**
     * Whether another session is the same target, as it was before: by its name, copying the same.
     */
    boolean isSameTarget(final SourceSession other)
    {
        return request != null && other.request != null && !request.target().isEmpty() &&
            request.target().equals(other.request.target()) && request.kind() == other.request.kind() &&
            request.channelId() == other.request.channelId() && request.stream().equals(other.request.stream());
    }

    /**
     * Whether the last turn brought a request.
     */
    boolean hasAsked()
    {
        return hasAsked;
    }

    boolean isGone()
    {
        return stage == Stage.GONE;
    }

    /**
     * Do what there is to do for the target, and no more than its share.
     *
     * @param nowNs       the time.
     * @param isUpkeepDue whether to look for what is seldom there, too.
     * @return the amount of work done.
     */
    int doWork(final long nowNs, final boolean isUpkeepDue)
    {
        if (stage == Stage.BLOCKS && !isUpkeepDue)
        {
            return sendBlocks(nowNs);
        }
        if (stage == Stage.GONE)
        {
            return 0;
        }
        if (image.isClosed() || image.isEndOfStream() || isDisconnected())
        {
            close();
            return 1;
        }

        hasAsked = false;
        // The next one waits at the sender while one is being opened, and for a while after that.
        final boolean isBusy = stage == Stage.OPENING || stage == Stage.BLUEPRINT || stage == Stage.POSITION;
        int work = !isBusy && nowNs - nextRequestNs >= 0 ? image.poll(requests, 1) : 0;
        if (work > 0)
        {
            onMessage(nowNs);
            if (hasAsked)
            {
                // What the target was before is closed first.
                return work;
            }
        }
        if (isIdle(nowNs))
        {
            close();
            return 1;
        }
        switch (stage)
        {
            case PUBLICATION -> work += awaitPublication(nowNs);
            case OPENING -> work += open(nowNs);
            case BLUEPRINT -> work += sendBlueprint();
            case POSITION -> work += goToPosition();
            case BLOCKS -> work += sendBlocks(nowNs);
            case END -> work += sendEnd(nowNs);
            case NEXT -> work += awaitNext(nowNs);
            case REFUSAL -> work += sendRefusal();
            default ->
            {
                // It is the target's turn.
            }
        }

        return work;
    }

    /**
     * Let the target go. What was read for it is given back.
     */
    void close()
    {
        if (stage != Stage.GONE)
        {
            stage = Stage.GONE;
            closeReader();
            closeKept();
            next.close();
            if (publication != null)
            {
                CloseHelper.quietClose(publication);
            }
            else if (!aeron.isClosed())
            {
                aeron.asyncRemovePublication(publicationId);
            }
            listener.onTargetLost(id);
        }
    }

    private boolean isDisconnected()
    {
        if (publication == null)
        {
            return false;
        }
        final boolean isConnected = publication.isConnected();
        final boolean isLost = publication.isClosed() || wasConnected && !isConnected;
        wasConnected |= isConnected;

        return isLost;
    }

    /**
     * Whether the target asked for nothing for too long, or asked and does not listen. Looked at after what it sent:
     * the turn of another target may have taken long.
     */
    private boolean isIdle(final long nowNs)
    {
        final boolean isSilent = request == null && nowNs - beginNs > SILENCE_LIMIT_NS;
        final boolean isDeaf = publication != null && !wasConnected && nowNs - publicationNs > SILENCE_LIMIT_NS;
        if (isSilent || isDeaf)
        {
            listener.onError(new IllegalStateException(
                "target=" + id + (isSilent ? " asked for nothing" : " does not listen to answers") +
                    ", and was let go of"));
        }

        return isSilent || isDeaf;
    }

    private int awaitPublication(final long nowNs)
    {
        publication = aeron.getExclusivePublication(publicationId);
        if (publication == null)
        {
            return 0;
        }
        publicationNs = nowNs;
        sender.publication(publication);
        stage = request == null ? Stage.REQUEST : Stage.OPENING;

        return 1;
    }

    private void onMessage(final long nowNs)
    {
        final String fault = requests.takeFault();
        if (fault != null)
        {
            listener.onError(new IllegalArgumentException("target=" + id + " " + fault));
            close();
            return;
        }
        final CopyRequest asked = requests.takeRequest();
        if (asked != null)
        {
            hasAsked = true;
            nextRequestNs = nowNs + REQUEST_INTERVAL_NS;
            closeReader();
            closeKept();
            request = asked;
            sender.requestId(asked.requestId());
            ordinal = asked.ordinal();
            position = asked.position();
            stream = null;
            refused = null;
            if (stage != Stage.PUBLICATION)
            {
                stage = Stage.OPENING;
            }
        }
        if (requests.takeProgress() && request != null && requests.progressRequestId() == request.requestId())
        {
            keep(requests.progressOrdinal(), requests.progressPosition());
        }
    }

    /**
     * Keep how far the target is, if it has a name and the source a place for that. That fails for one target only, and
     * copying goes on.
     */
    private void keep(final long targetOrdinal, final long targetPosition)
    {
        if (isKeepingFailed || stream == null || !positions.isKept(request.target()))
        {
            return;
        }
        try
        {
            if (kept == null)
            {
                kept = positions.open(request.target(), stream);
            }
            kept.store(targetOrdinal, targetPosition);
        }
        catch (final ChannelException | IllegalArgumentException ex)
        {
            isKeepingFailed = true;
            listener.onError(ex);
        }
    }

    private int open(final long nowNs)
    {
        try
        {
            if (stream == null && !resolve())
            {
                return 1;
            }
            if (stream.exists(ordinal))
            {
                openChannel(stream.file(ordinal), nowNs);
            }
            else
            {
                onMissing();
            }
        }
        catch (final ChannelException ex)
        {
            refuse(RefusalReason.of(ex), ex.getMessage());
        }
        catch (final UncheckedIOException ex)
        {
            // The folder could not be listed.
            refuse(RefusalReason.SOURCE_UNAVAILABLE, ex.getMessage());
        }

        return 1;
    }

    /**
     * Find out what is asked for, below the root and nowhere else.
     */
    private boolean resolve()
    {
        try
        {
            if (request.kind() == StreamKind.SERIES)
            {
                stream = CopiedStream.series(root, request.stream());
            }
            else if (request.kind() == StreamKind.CHANNEL)
            {
                stream = CopiedStream.channel(root, request.channelId());
            }
        }
        catch (final IllegalArgumentException ex)
        {
            // No name of a series.
            stream = null;
        }

        final boolean isSound = stream != null && position >= 0 && ordinal <= SeriesPosition.MAX_ORDINAL &&
            (stream.isSeries() ? ordinal >= -1 : ordinal == 0) && TargetNames.isSound(request.target());
        if (!isSound)
        {
            stream = null;
            refuse(
                RefusalReason.BAD_REQUEST,
                "kind=" + request.kind() + " ordinal=" + ordinal + " position=" + position);
            return false;
        }
        listener.onRequest(
            id, TerminalText.escape(request.target()), stream.toString(), ordinal, position);
        isFirst = ordinal < 0;
        if (isFirst)
        {
            ordinal = Math.max(0, stream.first());
        }

        return true;
    }

    private void onMissing()
    {
        final long first = stream.first();
        if (first < 0)
        {
            refuse(RefusalReason.UNKNOWN_STREAM, stream + " root has none");
        }
        else if (first > ordinal && isFirst)
        {
            // The first one was deleted since it was looked for.
            ordinal = first;
        }
        else if (first > ordinal)
        {
            refuseDeleted(first);
        }
        else if (position > 0 || stream.last() < ordinal - 1)
        {
            refuse(
                RefusalReason.POSITION_BEYOND_END,
                stream + " ordinal=" + ordinal + " position=" + position + " lastOrdinal=" + stream.last());
        }
        else
        {
            refuse(RefusalReason.UNKNOWN_STREAM, stream + " ordinal=" + ordinal + " is not there yet");
        }
    }

    private void openChannel(final Path file, final long nowNs)
    {
        try (ShmReader channel = ShmReader.builder(file).readSuspect(true).open())
        {
            made = ChannelBlueprint.of(channel);
        }
        if (stream.isSeries() && made.streamId() == 0)
        {
            // Made ready only.
            refuse(
                position > 0 ? RefusalReason.POSITION_BEYOND_END : RefusalReason.UNKNOWN_STREAM,
                stream + " ordinal=" + ordinal + " position=" + position + ": the channel is made ready only");
            return;
        }
        final long longest = BlockSender.messageLength(made.header().maxMessageLength());
        if (longest > publication.maxMessageLength())
        {
            refuse(
                RefusalReason.RECORD_TOO_LONG,
                "maxRecordLength=" + made.header().maxMessageLength() + " takes messageLength=" + longest +
                    " maxMessageLength=" + publication.maxMessageLength() + " termLength=" +
                    publication.termBufferLength() + ". The response channel needs a longer term: term-length=" +
                    "8 times the message at least, and no message is longer than 16 MiB.");
            return;
        }

        blueprint = new UnsafeBuffer(new byte[made.encodedLength()]);
        made.encode(blueprint, 0);
        blueprintSent = 0;
        refused = null;
        isFirst = false;
        isNextPublished = false;
        nextLookNs = nowNs;
        nextFileNs = nowNs + FILE_INTERVAL_NS;
        if (stream.isSeries())
        {
            next.of(stream, ordinal + 1, nowNs);
        }
        // First the blueprint, whatever is wrong with the position: it tells whether the copy is of this channel.
        // It also tells at once that the request was heard: to go to the position can take long without an index.
        stage = Stage.BLUEPRINT;
    }

    /**
     * Open the channel where the copy ends. One target does so in each turn of the source, so that nobody waits for
     * more than one of them.
     */
    private int goToPosition()
    {
        if (!walkTurn.take(this))
        {
            return 0;
        }
        openReader(stream.file(ordinal));
        if (refused == null && kept == null)
        {
            keep(ordinal, position);
        }
        made = null;
        stage = refused == null ? Stage.BLOCKS : Stage.REFUSAL;

        return 1;
    }

    private void openReader(final Path file)
    {
        try
        {
            fileKey = fileKey(file);
            reader = BlockReader.open(file, position);
            if (!reader.blueprint().equals(made))
            {
                refused = new Refused(
                    RefusalReason.UNKNOWN_STREAM, ordinal, position, stream + " ordinal=" + ordinal + " replaced");
            }
            else if (position > 0 && reader.tailChecksum() != request.tailChecksum())
            {
                refused = new Refused(
                    RefusalReason.DIVERGED,
                    ordinal,
                    position,
                    stream + " ordinal=" + ordinal + " position=" + position);
            }
        }
        catch (final ChannelException ex)
        {
            refused = new Refused(RefusalReason.of(ex), ordinal, position, ex.getMessage());
        }
    }

    private int sendBlueprint()
    {
        final int length =
            Math.min(blueprint.capacity() - blueprintSent, Replies.maxPartLength(publication));
        final long result = replies.blueprintPart(
            publication, request.requestId(), ordinal, position, blueprint, blueprint.capacity(), blueprintSent,
            length);
        if (!isSent(result))
        {
            return 0;
        }
        blueprintSent += length;
        if (blueprintSent == blueprint.capacity())
        {
            blueprint = NO_BLUEPRINT;
            stage = Stage.POSITION;
        }

        return 1;
    }

    private int sendBlocks(final long nowNs)
    {
        int work = 0;
        sender.forgetResult();
        while (work < blocksPerTurn && reader.poll(sender, sender.lengthLimit()) > 0)
        {
            work++;
        }
        if (sender.result() < 0)
        {
            // Back-pressure, or the end of the publication. Where the reader stands, something is left to be sent.
            isSent(sender.result());
        }
        else if (work == 0)
        {
            onNothingToSend(nowNs);
        }
        else
        {
            // Why nothing follows is asked only when nothing has followed for a while.
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
        }

        return work;
    }

    private void onNothingToSend(final long nowNs)
    {
        if (isNextPublished && reader.isAtEnd())
        {
            // Nothing is written any more into the channel before that, and nothing was left after it was seen.
            stage = Stage.END;
            return;
        }
        if (!isNextPublished && stream.isSeries() && next.isPublished(nowNs))
        {
            isNextPublished = true;
            return;
        }
        if (nowNs - nextLookNs < 0)
        {
            return;
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        switch (reader.state())
        {
            case CLOSED -> stage = Stage.END;
            case CORRUPT -> refuse(
                RefusalReason.SOURCE_DAMAGED, standing(ReaderState.CORRUPT) + (isNextPublished ? GO_ON_BEHIND : ""));
            case SUSPECT -> refuse(
                // Also where the series is in its next channel: the next writer of the series closes this one first.
                RefusalReason.SOURCE_SUSPECT, standing(ReaderState.SUSPECT));
            default -> checkFile(nowNs);
        }
    }

    private String standing(final ReaderState state)
    {
        return stream + " ordinal=" + ordinal + " position=" + reader.position() + " state=" + state;
    }

    /**
     * Something may be written yet, if the file is still the channel's: when it was deleted or replaced, nobody writes
     * to what is read here any more.
     */
    private void checkFile(final long nowNs)
    {
        if (nowNs - nextFileNs >= 0)
        {
            nextFileNs = nowNs + FILE_INTERVAL_NS;
            if (!Objects.equals(fileKey, fileKey(reader.file())))
            {
                // When it asks again, it is told what is there now.
                refuse(RefusalReason.UNKNOWN_STREAM, stream + " ordinal=" + ordinal + " deleted or replaced");
            }
        }
    }

    private static Object fileKey(final Path file)
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

    private int sendEnd(final long nowNs)
    {
        if (!isSent(replies.channelEnd(
            publication, request.requestId(), ordinal, reader.position(), isNextPublished)))
        {
            return 0;
        }
        closeReader();
        if (stream.isSeries())
        {
            awaitNextOf(ordinal, nowNs);
        }
        else
        {
            stage = Stage.REQUEST;
        }

        return 1;
    }

    private void awaitNextOf(final long lastOrdinal, final long nowNs)
    {
        ordinal = lastOrdinal + 1;
        position = 0;
        next.of(stream, ordinal, nowNs);
        stage = Stage.NEXT;
    }

    private int awaitNext(final long nowNs)
    {
        if (next.isPublished(nowNs))
        {
            next.close();
            stage = Stage.OPENING;
            return 1;
        }
        if (next.isDeleted())
        {
            refuseDeleted(next.firstOrdinal());
            return 1;
        }

        return 0;
    }

    private int sendRefusal()
    {
        if (!isSent(replies.refusal(publication, request.requestId(), refused)))
        {
            return 0;
        }
        closeReader();
        stage = Stage.REQUEST;
        listener.onRefused(id, refused.reason(), refused.details());

        return 1;
    }

    private void refuseDeleted(final long first)
    {
        refused = new Refused(
            RefusalReason.POSITION_DELETED,
            first,
            0,
            stream + " ordinal=" + ordinal + " position=" + position + " firstOrdinal=" + first);
        stage = Stage.REFUSAL;
    }

    private void refuse(final RefusalReason reason, final String details)
    {
        refused = new Refused(reason, Math.max(0, ordinal), position, details);
        stage = Stage.REFUSAL;
    }

    private boolean isSent(final long result)
    {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED)
        {
            close();
        }

        return result > 0;
    }

    private void closeKept()
    {
        CloseHelper.close(kept);
        kept = null;
        isKeepingFailed = false;
    }

    private void closeReader()
    {
        CloseHelper.close(reader);
        reader = null;
    }
}
