package io.kekbit.core;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * What of a reader each record passes: from a position on, find records in the record area and hand them over.
 */
abstract class RecordScan
{
    // The hot path has one check for all that ends reading: `lastReadable` is the last position at which a length word
    // may be looked at, and is -1 once the reader is closed or in a final state. Only then is the reason looked for.

    static final int NOTHING_READABLE = -1;

    // What stands at a boundary. In place of RECORD there can be the length of its content, which is positive, too.
    static final int RECORD = 1;
    static final int HEARTBEAT = 0;
    static final int NOTHING = -1;
    static final int END = -2;

    private static final int ROUNDING = LENGTH_WORD_LENGTH + RecordDescriptor.ALIGNMENT - 1;
    private static final VarHandle POSITION = Opaque.field(MethodHandles.lookup(), "position", int.class);

    int position;
    int lastReadable;
    // NOTHING or END where that ended the last run of records; else RECORD, or HEARTBEAT where one was stepped over.
    int found;
    // What kind of end was found last.
    ReaderState endState;

    // Of the last run. Not a local variable: the loop has as many as there are registers.
    private int heartbeats;
    private final UnsafeBuffer buffer;
    // Null, unless a test watches.
    private final RecordLoads watchedLoads;
    private final long recordAreaAddress;
    private final long maxMessageLength;
    // The position, plus the length that is left for content there.
    private final long contentsEnd;
    private final boolean isCutOff;

    RecordScan(final ChannelMapping mapping, final Header header)
    {
        buffer = mapping.buffer();
        watchedLoads = mapping.loads();
        recordAreaAddress = buffer.addressOffset() + RECORD_AREA_OFFSET;
        maxMessageLength = header.maxMessageLength();
        contentsEnd = recordsEnd(mapping, header) - LENGTH_WORD_LENGTH;
        // The file of a channel that the crate made can end before its record area does.
        isCutOff = wordsEnd(mapping) < header.capacity();
    }

    /**
     * The position from which on there are no words, since the mapping ends where the file does, or behind the footer.
     */
    static int wordsEnd(final ChannelMapping mapping)
    {
        return mapping.buffer().capacity() - RECORD_AREA_OFFSET;
    }

    /**
     * The position at which the last record ends at the latest.
     */
    static int recordsEnd(final ChannelMapping mapping, final Header header)
    {
        return Math.min(wordsEnd(mapping), header.capacity()) & -RecordDescriptor.ALIGNMENT;
    }

    /**
     * The position, for any thread and soon up to date.
     */
    final int opaquePosition()
    {
        return (int)POSITION.getOpaque(this);
    }

    /**
     * Hand over records, step over heartbeats, and go behind them; see {@link #found}. One loop with few variables, 64
     * bits wide: where a record ends is known only when its length has been loaded, so that each instruction from one
     * length to the next one is felt. Wherever the JIT compiler inlines this, a loop around it or one more variable
     * makes it keep some of them in vector registers, and move them to and fro for each record.
     *
     * @param handler that gets them.
     * @param limit   the most of them, heartbeats included.
     * @return how many records there were.
     */
    final int handOver(final RecordHandler handler, final int limit)
    {
        final RecordLoads loads = RecordLoads.orPlain(watchedLoads);
        final UnsafeBuffer buffer = this.buffer;
        long position = this.position;
        int left = limit;
        heartbeats = 0;
        found = RECORD;
        try
        {
            // The field, not a local: a handler that closes the reader moves it.
            while (left > 0 && position <= lastReadable)
            {
                // Loaded once: a hostile writer can change it at any time.
                final long word = loads.word(recordAreaAddress + position);
                if (isLength(word, position))
                {
                    final long start = position;
                    position += word + ROUNDING & -RecordDescriptor.ALIGNMENT;
                    left--;
                    handler.onRecord(
                        buffer, (int)start + (RECORD_AREA_OFFSET + LENGTH_WORD_LENGTH), (int)word, start, position);
                }
                else
                {
                    found = otherAt(word);
                    if (found != HEARTBEAT)
                    {
                        break;
                    }
                    position += LENGTH_WORD_LENGTH;
                    left--;
                    heartbeats++;
                }
            }
        }
        finally
        {
            this.position = (int)position;
        }

        return limit - left - heartbeats;
    }

    /**
     * What stands at a boundary: the length of a record's content, or one of the constants that are not positive. With
     * {@link #END}, {@link #endState} says what kind of end.
     */
    final int lengthAt(final int boundary)
    {
        final long word = RecordLoads.orPlain(watchedLoads).word(recordAreaAddress + boundary);

        return isLength(word, boundary) ? (int)word : otherAt(word);
    }

    private boolean isLength(final long word, final long boundary)
    {
        return word > 0 && word <= maxMessageLength && word <= contentsEnd - boundary;
    }

    /**
     * What stands at a boundary where no whole record does.
     */
    private int otherAt(final long word)
    {
        if (word == RecordDescriptor.WATERMARK)
        {
            return NOTHING;
        }
        if (word == RecordDescriptor.HEARTBEAT)
        {
            return HEARTBEAT;
        }
        endState = word == RecordDescriptor.CLOSE ? ReaderState.CLOSED :
            word > 0 && word <= maxMessageLength && isCutOff ? ReaderState.FULL : ReaderState.CORRUPT;

        return END;
    }
}
