package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;

/**
 * Appends records to a stream.
 * <p>
 * There are three ways to append: {@link #write(DirectBuffer, int, int)} copies bytes, {@link #tryClaim(int)} with
 * {@link #commit(int)} lets the caller encode in place, and {@link #write(Encodable)} lets an object encode itself in
 * place. Each publishes a whole record or nothing.
 * <p>
 * The {@code write} and {@code claim} methods throw a {@link io.kekbit.core.exceptions.WriteException}; the {@code try}
 * methods answer one of the negative constants instead, which {@link #errorString(long)} explains.
 * <p>
 * A writer belongs to one thread, until that thread {@link #handOver() hands it over}.
 *
 * @param <D> the format of the content.
 */
public interface Writer<D extends DataFormat> extends AutoCloseable
{
    /**
     * There is no room for any record: the end of the channel's life.
     */
    long CHANNEL_FULL = -1;

    /**
     * There is no room left for a record this long; a shorter one may still fit.
     */
    long NO_SPACE = -2;

    /**
     * The record is longer than this channel's header allows, wherever in the channel it stood.
     */
    long TOO_LONG = -3;

    /**
     * The record would have no content, which the format cannot express.
     */
    long EMPTY = -4;

    /**
     * The writer is closed.
     */
    long CLOSED = -5;

    /**
     * Another thread of this process is writing, see {@link ConcurrentWriter}: try again later.
     */
    long WAIT = -6;

    /**
     * Explains an answer of the {@code try} methods.
     *
     * @param result what the method returned.
     * @return a sentence to show to people.
     */
    static String errorString(final long result)
    {
        if (result >= 0)
        {
            return "no error: bytes=" + result;
        }

        return switch ((int)result)
        {
            case (int)CHANNEL_FULL -> "channel full: go on in another channel";
            case (int)NO_SPACE -> "no space for a record this long: write a shorter one, or go on in another channel";
            case (int)TOO_LONG -> "record too long for this channel: create it with a greater maxMessageLength";
            case (int)EMPTY -> "empty record: content has at least one byte";
            case (int)CLOSED -> "writer closed";
            case (int)WAIT -> "another thread is writing: try again later";
            default -> "unknown result: " + result;
        };
    }

    /**
     * Append a record by copying its content.
     *
     * @param buffer that holds the content.
     * @param offset of the content in the buffer.
     * @param length of the content in bytes.
     * @return the bytes the record takes in the channel: length word, content and padding.
     * @throws io.kekbit.core.exceptions.WriteException where the record cannot be appended; nothing is published.
     * @throws IndexOutOfBoundsException                where the buffer does not hold the content; nothing is
     *                                                  published.
     */
    long write(DirectBuffer buffer, int offset, int length);

    /**
     * Append a record by copying its content, if it fits.
     *
     * @param buffer that holds the content.
     * @param offset of the content in the buffer.
     * @param length of the content in bytes.
     * @return the bytes the record takes in the channel, or {@link #CHANNEL_FULL}, {@link #NO_SPACE},
     * {@link #TOO_LONG}, {@link #EMPTY} or {@link #CLOSED}.
     * @throws IndexOutOfBoundsException where the buffer does not hold the content; nothing is published.
     */
    long tryWrite(DirectBuffer buffer, int offset, int length);

    /**
     * Append a record whose content encodes itself straight into the slot. The slot is as long as the longest content
     * that fits now.
     *
     * @param encodable to encode.
     * @return the bytes the record takes in the channel.
     * @throws io.kekbit.core.exceptions.WriteException where the record cannot be appended; nothing is published.
     */
    long write(Encodable<? super D> encodable);

    /**
     * Append a record whose content encodes itself straight into the slot, if there is room.
     *
     * @param encodable to encode.
     * @return the bytes the record takes in the channel, or {@link #CHANNEL_FULL}, {@link #NO_SPACE}, {@link #EMPTY} or
     * {@link #CLOSED}. {@link #NO_SPACE} stands for any {@link IndexOutOfBoundsException} in a slot that the end of the
     * channel cut short; {@link #write(Encodable)} keeps it as the cause.
     * @throws io.kekbit.core.exceptions.EncodingException where the encodable threw, or answered a length that is not
     *                                                     from 1 to the slot's; nothing is published.
     */
    long tryWrite(Encodable<? super D> encodable);

    /**
     * Claim a slot to encode into. It is the caller's until {@link #commit(int)} or {@link #abort()}; until then
     * nothing else can be written.
     *
     * @param maxLength the most bytes of content that will be written.
     * @return the bytes a record of that length takes in the channel.
     * @throws io.kekbit.core.exceptions.WriteException where a record of that length cannot be appended.
     * @throws IllegalStateException                    where a claim is open already.
     */
    long claim(int maxLength);

    /**
     * Claim a slot to encode into, if there is room.
     *
     * @param maxLength the most bytes of content that will be written.
     * @return the bytes a record of that length takes in the channel, or {@link #CHANNEL_FULL}, {@link #NO_SPACE},
     * {@link #TOO_LONG}, {@link #EMPTY} or {@link #CLOSED}.
     * @throws IllegalStateException where a claim is open already.
     */
    long tryClaim(int maxLength);

    /**
     * Claim the longest slot that fits, for content of which the length is not known before it is encoded.
     *
     * @param minLength the least bytes of content that the slot is to hold, at least 1.
     * @param maxLength the most bytes of content that will be written, at least {@code minLength}.
     * @return the bytes a record as long as the slot takes in the channel; the slot's capacity tells its length.
     * @throws io.kekbit.core.exceptions.WriteException where a record of {@code minLength} cannot be appended.
     * @throws IllegalStateException                    where a claim is open already.
     */
    long claim(int minLength, int maxLength);

    /**
     * Claim the longest slot that fits, for content of which the length is not known before it is encoded, if there is
     * room for the least.
     *
     * @param minLength the least bytes of content that the slot is to hold, at least 1.
     * @param maxLength the most bytes of content that will be written, at least {@code minLength}.
     * @return the bytes a record as long as the slot takes in the channel, or {@link #CHANNEL_FULL}, {@link #NO_SPACE},
     * {@link #TOO_LONG}, {@link #EMPTY} or {@link #CLOSED}; the slot's capacity tells its length.
     * @throws IllegalStateException where a claim is open already.
     */
    long tryClaim(int minLength, int maxLength);

    /**
     * The claimed slot: a view of exactly the bytes that were claimed, from offset 0. Its bytes are zero, unless an
     * earlier encoder wrote more than it committed. The same object serves every claim; it is unusable between claims.
     *
     * @return the view, of capacity 0 while nothing is claimed.
     */
    MutableDirectBuffer slot();

    /**
     * Publish the claimed slot's first bytes as a record.
     *
     * @param length of the content in bytes, from 1 to what was claimed.
     * @return the bytes the record takes in the channel.
     * @throws io.kekbit.core.exceptions.EncodingException     where the length is longer than the slot.
     * @throws io.kekbit.core.exceptions.EmptyRecordException  where the length is less than 1.
     * @throws io.kekbit.core.exceptions.WriterClosedException where the writer was closed meanwhile. In all these cases
     *                                                         the claim is given up as by {@link #abort()}.
     * @throws IllegalStateException                           where nothing is claimed.
     */
    long commit(int length);

    /**
     * Give up the claimed slot: it is zeroed, and nothing is published. Does nothing where nothing is claimed.
     */
    void abort();

    /**
     * Tell the readers that this writer is alive.
     *
     * @return 8, the bytes a heartbeat takes in the channel.
     * @throws io.kekbit.core.exceptions.WriteException where there is no room or the writer is closed.
     */
    long heartbeat();

    /**
     * Tell the readers that this writer is alive, if there is room.
     *
     * @return 8, the bytes a heartbeat takes in the channel, or {@link #CHANNEL_FULL} or {@link #CLOSED}.
     */
    long tryHeartbeat();

    /**
     * Force everything written to the device. When this returns, all records written before it survive the loss of
     * power.
     *
     * @throws io.kekbit.core.exceptions.FlushFailedException  where the device did not take it; the writer is closed
     *                                                         then.
     * @throws io.kekbit.core.exceptions.WriterClosedException where the writer is closed.
     */
    void flush();

    /**
     * Bytes left for records, their length words and padding included; {@link #longestContent()} says what one record
     * can hold of them.
     *
     * @return the bytes, a multiple of 8; less than 16 means that no further record fits.
     */
    long available();

    /**
     * The longest content that fits now: the greatest length that {@link #tryClaim(int)} would grant.
     *
     * @return the length in bytes; 0 where no further record fits, or the writer is closed.
     */
    int longestContent();

    /**
     * The position at which the next record will stand. Of a closed writer, the position at which it ended.
     *
     * @return the position in bytes.
     */
    long writeOffset();

    /**
     * The header of the channel that is written to.
     *
     * @return the header.
     */
    Header header();

    /**
     * The format of the content.
     *
     * @return the format given when the writer was made.
     */
    D dataFormat();

    /**
     * An agent that touches the pages ahead of this writer, see {@link PrefaultAgent}, with a window of 4 MiB that is
     * touched again every 3 seconds. The caller runs it, in a thread of its own or beside other agents.
     *
     * @return a new agent, which ends with this writer.
     * @throws io.kekbit.core.exceptions.WriterClosedException where the writer is closed.
     */
    default Agent prefaultAgent()
    {
        return prefaultAgent(PrefaultAgent.DEFAULT_WINDOW_LENGTH, PrefaultAgent.DEFAULT_INTERVAL_NS);
    }

    /**
     * An agent that touches the pages ahead of this writer, see {@link PrefaultAgent}. The caller runs it, in a thread
     * of its own or beside other agents.
     *
     * @param windowLength bytes ahead of the position to touch, at least 4096.
     * @param intervalNs   nanoseconds after which to touch them again, at least 1.
     * @return a new agent, which ends with this writer.
     * @throws io.kekbit.core.exceptions.WriterClosedException where the writer is closed.
     */
    Agent prefaultAgent(int windowLength, long intervalNs);

    /**
     * The calling thread has finished with this writer: the next thread that uses it becomes the one it belongs to. The
     * threads see to it that what one did is visible to the other, as a lock or the start of a thread does.
     */
    void handOver();

    /**
     * Force everything written to the device, tell the readers that nothing will follow, and let go of the file.
     * Further calls do nothing.
     *
     * @throws io.kekbit.core.exceptions.FlushFailedException where the device did not take it. The file is let go of
     *                                                        all the same; unless all records were taken, it is not
     *                                                        marked as closed.
     */
    @Override
    void close();
}
