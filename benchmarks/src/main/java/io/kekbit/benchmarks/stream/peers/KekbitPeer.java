package io.kekbit.benchmarks.stream.peers;

import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Channels of kekbit, as its documentation recommends: bytes are written by {@code tryWrite(buffer, offset, length)}
 * and read by {@code read(handler, limit)}.
 */
final class KekbitPeer implements Peer
{
    private final Path root;
    private final Prefault prefault;
    private final Map<Integer, ShmWriter<RawBinDataFormat>> writers = new ConcurrentHashMap<>();
    private final Map<Integer, ShmReader> readers = new ConcurrentHashMap<>();

    KekbitPeer(final Path folder, final Prefault prefault)
    {
        root = folder;
        this.prefault = prefault;
    }

    static long capacity(final int length, final long messages)
    {
        // The first heartbeat stands before all messages.
        final long records = messages * RecordDescriptor.alignedLength(length);
        final long needed = RecordDescriptor.LENGTH_WORD_LENGTH + records + RecordDescriptor.RESERVED_LENGTH;

        return Math.max(needed, HeaderDescriptor.requiredCapacity(length));
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        final Header header = Header.builder()
            .channelId(channel).capacity(capacity(length, messages)).maxMessageLength(length).build();
        final ShmWriter<RawBinDataFormat> writer =
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).prefault(prefault).create();
        writers.put(channel, writer);

        return new KekbitSender(writer);
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final ShmReader reader = ShmReader.builder(root, channel).prefault(prefault).open();
        readers.put(channel, reader);
        final RecordHandler adapted = (buffer, offset, bytes, position, nextPosition) ->
            handler.onMessage(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES), bytes);

        return (limit) -> reader.read(adapted, limit);
    }

    @Override
    public boolean isBounded()
    {
        return false;
    }

    @Override
    public void release(final int channel)
    {
        CloseHelper.close(readers.remove(channel));
        CloseHelper.close(writers.remove(channel));
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(readers.values());
        CloseHelper.closeAll(writers.values());
    }

    private static final class KekbitSender implements Sender
    {
        private final ShmWriter<RawBinDataFormat> writer;

        KekbitSender(final ShmWriter<RawBinDataFormat> writer)
        {
            this.writer = writer;
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            final long written = writer.tryWrite(source, offset, length);
            if (written < 0)
            {
                throw new IllegalStateException("the channel was made too small: result=" + written);
            }

            return true;
        }
    }
}
