package io.kekbit.core;

import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The one walk of a {@link ChannelVerifier}. It sees the file through a window that always begins at a boundary when it
 * is loaded. What looks wrong is loaded and looked at once more before it is called a fault, since a writer may have
 * been storing it while it was read.
 */
final class VerificationWalk
{
    private static final int ABSENT = -1;

    private final Path file;
    private final Header header;
    private final Extension extension;
    private final Envelope envelope;
    private final FileWindow window;
    private final UnsafeBuffer view;
    private final IndexCheck index;
    private final VerificationListener listener;
    private final CRC32C crc = new CRC32C();
    private final List<ChannelFault> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final long wordsEnd;
    private final long recordsEnd;
    private final long appendEnd;
    private final int maxMessageLength;
    private final long tailHint;
    private long durablePosition;
    private boolean isDurableMet;
    private boolean isHintMet;
    private long position;
    private long records;
    private long heartbeats;
    private long contentBytes;
    private long faultCount;
    private long nextSequence;
    private boolean isSequenceKnown;

    /**
     * @param file      of the channel.
     * @param start     its first 1024 bytes.
     * @param header    of the channel.
     * @param extension of the channel.
     * @param window    on the file, of room for the longest record and a word behind it.
     * @param index     to hold against the records.
     * @param listener  to tell how far this has come.
     */
    VerificationWalk(
        final Path file,
        final UnsafeBuffer start,
        final Header header,
        final Extension extension,
        final FileWindow window,
        final IndexCheck index,
        final VerificationListener listener)
    {
        this.file = file;
        this.header = header;
        this.extension = extension;
        this.window = window;
        this.index = index;
        this.listener = listener;
        view = window.view();
        envelope = Envelope.of(extension.envelope(), header.maxMessageLength(), null);
        maxMessageLength = header.maxMessageLength();
        wordsEnd = Math.min(header.capacity() + RecordDescriptor.FOOTER_LENGTH,
            extension.fileLength() - RECORD_AREA_OFFSET);
        recordsEnd = Math.min(wordsEnd, header.capacity()) & -RecordDescriptor.ALIGNMENT;
        appendEnd = Math.min(recordsEnd, extension.recordsEnd(header.capacity()));
        durablePosition = extension.isPresent() ?
            start.getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN) : ABSENT;
        tailHint = extension.isPresent() ?
            start.getLong(ExtensionDescriptor.TAIL_HINT_OFFSET, LITTLE_ENDIAN) : ABSENT;
    }

    Verification walk() throws IOException
    {
        for (final String problem : extension.problems())
        {
            notes.add(TerminalText.escape(problem));
        }
        if (extension.envelope().length > 0 && envelope == null)
        {
            notes.add("envelope: it holds handlers of an application's own, so that checksums and numbers are unseen");
        }

        loadHere();
        ReaderState end = null;
        while (end == null)
        {
            end = step();
        }
        if (end != ReaderState.CORRUPT)
        {
            index.onEnd(notes);
            checkPositions(end);
            lookBehindEnd();
        }
        listener.onProgress(wordsEnd, wordsEnd);

        return new Verification(
            file,
            header,
            extension,
            records,
            heartbeats,
            contentBytes,
            position,
            end,
            suspectFrom(end),
            faultCount,
            List.copyOf(faults),
            List.copyOf(notes));
    }

    /**
     * Go over what is in the window, and load it anew if there is more.
     *
     * @return what stands at the end, or null where this is not the end.
     */
    private ReaderState step() throws IOException
    {
        while (true)
        {
            if (position > wordsEnd - LENGTH_WORD_LENGTH)
            {
                return ReaderState.FULL;
            }
            final long at = RECORD_AREA_OFFSET + position - window.start();
            if (at + LENGTH_WORD_LENGTH > window.length())
            {
                return loadMore(LENGTH_WORD_LENGTH);
            }
            final long word = view.getLong((int)at, LITTLE_ENDIAN);
            final boolean isRecord =
                word > 0 && word <= maxMessageLength && word <= recordsEnd - position - LENGTH_WORD_LENGTH;
            if (!isRecord && word != RecordDescriptor.HEARTBEAT)
            {
                return isAtWindowStart() ? endAt(word) : reload();
            }
            if (isRecord && at + LENGTH_WORD_LENGTH + word > window.length())
            {
                return loadMore(LENGTH_WORD_LENGTH + word);
            }
            if (isRecord && envelope != null && !isWhole((int)at + LENGTH_WORD_LENGTH, (int)word))
            {
                if (isWorthAnotherLook())
                {
                    return reload();
                }
                onBadEnvelope((int)word);
            }

            onBoundary(isRecord);
            if (isRecord)
            {
                records++;
                contentBytes += word;
                goTo(position + RecordDescriptor.alignedLength((int)word));
            }
            else
            {
                heartbeats++;
                goTo(position + LENGTH_WORD_LENGTH);
            }
        }
    }

    private void goTo(final long next)
    {
        if (next > appendEnd)
        {
            addFault(
                ChannelFault.Kind.STRUCTURE,
                position,
                RECORD_AREA_OFFSET + position,
                "what stands here ends at position " + next + ", and may not end behind " + appendEnd);
        }
        position = next;
    }

    private void onBoundary(final boolean isRecord) throws IOException
    {
        isDurableMet |= position == durablePosition;
        isHintMet |= position == tailHint;
        if (position >= index.position())
        {
            index.onBoundary(position, records, isRecord);
        }
    }

    /**
     * The word here, loaded just now, is neither a record's nor a heartbeat's.
     */
    private ReaderState endAt(final long word) throws IOException
    {
        onBoundary(false);
        if (word == RecordDescriptor.CLOSE)
        {
            return ReaderState.CLOSED;
        }
        if (word == RecordDescriptor.WATERMARK)
        {
            return header.capacity() - RecordDescriptor.RESERVED_LENGTH - position <
                RecordDescriptor.MIN_ALIGNED_LENGTH ? ReaderState.FULL : ReaderState.OPEN;
        }
        final boolean isLength = word > 0 && word <= maxMessageLength;
        if (isLength && wordsEnd < header.capacity())
        {
            // The crate's writer lost this record past the end of its file.
            return ReaderState.FULL;
        }

        return fail(
            ChannelFault.Kind.STRUCTURE,
            RECORD_AREA_OFFSET + position,
            isLength ? "a record of length " + word + " reaches beyond the record area, which ends at " + recordsEnd :
                "0x" + Long.toHexString(word) + " is no length of a record: at most " + maxMessageLength);
    }

    /**
     * Move the window to the present position, since what stands there is not wholly in it.
     *
     * @param needed bytes of it.
     * @return null, or the end where the file does not have them.
     */
    private ReaderState loadMore(final long needed) throws IOException
    {
        if (!isAtWindowStart())
        {
            return reload();
        }
        final long firstMissing = window.start() + window.length();

        return window.failure() == null ?
            fail(
                ChannelFault.Kind.STRUCTURE,
                firstMissing,
                "the file ends here: " + (needed - window.length()) + " bytes are missing to what is told") :
            fail(ChannelFault.Kind.UNREADABLE, firstMissing, "cannot be read: " + window.failure());
    }

    private ReaderState reload() throws IOException
    {
        listener.onProgress(position, wordsEnd);
        loadHere();

        return null;
    }

    private void loadHere() throws IOException
    {
        window.load(RECORD_AREA_OFFSET + position, RECORD_AREA_OFFSET + wordsEnd);
    }

    private boolean isAtWindowStart()
    {
        return window.start() == RECORD_AREA_OFFSET + position;
    }

    /**
     * Whether what looks wrong here may look right when it is loaded again. In a channel that is full of faults it does
     * not, and would take for ever.
     */
    private boolean isWorthAnotherLook()
    {
        return !isAtWindowStart() && faultCount < Verification.MAX_FAULTS;
    }

    /**
     * Whether a record in the window has the length and the checksums that its envelope asks for. Where it has, its
     * sequence number is held against the one before.
     */
    private boolean isWhole(final int offset, final int length)
    {
        if (length <= envelope.length())
        {
            return false;
        }
        final ByteBuffer bytes = window.bytes();
        int end = length;
        for (int i = envelope.checksums(); i > 0; i--)
        {
            end -= EnvelopeDescriptor.CHECKSUM_LENGTH;
            crc.reset();
            bytes.limit(offset + end).position(offset);
            crc.update(bytes);
            bytes.clear();
            if ((int)crc.getValue() != view.getInt(offset + end, LITTLE_ENDIAN))
            {
                return false;
            }
        }
        if (envelope.sequenceOffset() >= 0)
        {
            final long sequence = view.getLong(offset + envelope.sequenceOffset(), LITTLE_ENDIAN);
            if (isSequenceKnown && sequence != nextSequence)
            {
                if (isWorthAnotherLook())
                {
                    return false;
                }
                addFault(
                    ChannelFault.Kind.SEQUENCE,
                    position,
                    RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH + envelope.sequenceOffset(),
                    "sequence number " + Long.toUnsignedString(sequence) + " instead of " +
                        Long.toUnsignedString(nextSequence));
            }
            nextSequence = sequence + 1;
            isSequenceKnown = true;
        }

        return true;
    }

    private void onBadEnvelope(final int length)
    {
        final boolean isShort = length <= envelope.length();
        addFault(
            ChannelFault.Kind.ENVELOPE,
            position,
            RECORD_AREA_OFFSET + position + (isShort ? 0 : LENGTH_WORD_LENGTH),
            isShort ? "a record of length " + length + " is too short for its envelope of " + envelope.length() :
                "the checksum of this record of length " + length + " is wrong");
        // It was a record, and had a number.
        nextSequence++;
    }

    private ReaderState fail(final ChannelFault.Kind kind, final long fileOffset, final String description)
    {
        addFault(kind, position, fileOffset, description);

        return ReaderState.CORRUPT;
    }

    private void addFault(
        final ChannelFault.Kind kind, final long at, final long fileOffset, final String description)
    {
        if (faultCount++ < Verification.MAX_FAULTS)
        {
            faults.add(new ChannelFault(kind, at, fileOffset, description));
        }
    }

    /**
     * Hold the positions that the extension tells against the walk. They were loaded before it, so that the walk came
     * by them even where a writer went on meanwhile. One that closed the channel meanwhile has moved the durable
     * position before it stored the close marker.
     */
    private void checkPositions(final ReaderState end) throws IOException
    {
        if (!extension.isPresent())
        {
            return;
        }
        if (isDurableMet && end == ReaderState.CLOSED && durablePosition != position)
        {
            window.load(
                ExtensionDescriptor.DURABLE_POSITION_OFFSET, ExtensionDescriptor.DURABLE_POSITION_OFFSET + Long.BYTES);
            window.requireReadable();
            durablePosition = window.length() < Long.BYTES ? durablePosition : view.getLong(0, LITTLE_ENDIAN);
        }
        final boolean isBehindEnd = end == ReaderState.CLOSED && durablePosition != position;
        if (!isDurableMet || isBehindEnd)
        {
            addFault(
                ChannelFault.Kind.DURABLE_POSITION,
                durablePosition,
                ExtensionDescriptor.DURABLE_POSITION_OFFSET,
                isDurableMet ? "the channel is closed, but only what is before this position was forced to the device" :
                    "no record, heartbeat or end stands at the durable position");
        }
        if (!isHintMet)
        {
            notes.add("tail hint: nothing stands at position " + tailHint);
        }
    }

    private OptionalLong suspectFrom(final ReaderState end)
    {
        if (!extension.isPresent() || BootId.isCurrent(extension.bootId()) ||
            end == ReaderState.CLOSED && durablePosition == position)
        {
            return OptionalLong.empty();
        }
        final boolean isPossible = durablePosition >= 0 && durablePosition <= recordsEnd &&
            BitUtil.isAligned(durablePosition, RecordDescriptor.ALIGNMENT);

        return OptionalLong.of(isPossible ? durablePosition : 0);
    }

    /**
     * Behind the word at the end stand zeros, but for what an append left that was not published.
     */
    private void lookBehindEnd() throws IOException
    {
        final long end = RECORD_AREA_OFFSET + wordsEnd;
        long from = RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH;
        long found = ABSENT;
        final long word = wordAtEnd();
        if (word != RecordDescriptor.CLOSE && word != RecordDescriptor.WATERMARK)
        {
            return;
        }
        while (from < end && found < 0)
        {
            window.load(from, end);
            if (window.length() == 0)
            {
                addFault(
                    window.failure() == null ? ChannelFault.Kind.STRUCTURE : ChannelFault.Kind.UNREADABLE,
                    from - RECORD_AREA_OFFSET,
                    from,
                    window.failure() == null ? "the file ends here" : "cannot be read: " + window.failure());

                return;
            }
            final int nonZero = firstNonZero(window.length());
            found = nonZero < 0 ? ABSENT : from + nonZero;
            from += window.length();
            listener.onProgress(Math.min(wordsEnd, from - RECORD_AREA_OFFSET), wordsEnd);
        }

        // A writer that went on meanwhile has left its end behind.
        if (found >= 0 && wordAtEnd() == word)
        {
            final long at = found - RECORD_AREA_OFFSET;
            final boolean isNear = at < position + LENGTH_WORD_LENGTH + maxMessageLength +
                RecordDescriptor.MIN_ALIGNED_LENGTH;
            notes.add("behind the end: bytes that are not zero from position " + at + " on" +
                (isNear ? ", as an append leaves them that was not published" : ""));
        }
    }

    private long wordAtEnd() throws IOException
    {
        loadHere();

        return window.length() < LENGTH_WORD_LENGTH ? 0 : view.getLong(0, LITTLE_ENDIAN);
    }

    private int firstNonZero(final int length)
    {
        int offset = 0;
        while (offset <= length - Long.BYTES && view.getLong(offset) == 0)
        {
            offset += Long.BYTES;
        }
        while (offset < length && view.getByte(offset) == 0)
        {
            offset++;
        }

        return offset < length ? offset : ABSENT;
    }
}
