package io.kekbit.benchmarks.stream.peers;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.benchmarks.floor.FloorReader;
import io.kekbit.benchmarks.floor.FloorWriter;
import io.kekbit.core.RecordHandler;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records written and read by hand.
 */
final class FloorPeer implements Peer
{
    private final Floor floor;
    private final Path folder;
    private final Map<Integer, FloorChannel> written = new ConcurrentHashMap<>();
    private final Map<Integer, FloorChannel> read = new ConcurrentHashMap<>();

    FloorPeer(final Floor floor, final Path folder)
    {
        this.floor = floor;
        this.folder = folder;
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        final int capacity = Math.toIntExact(KekbitPeer.capacity(length, messages));
        final FloorChannel made = FloorChannel.create(file(channel), capacity);
        written.put(channel, made);

        return new FloorSender(floor.writer(made));
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final FloorChannel opened = FloorChannel.open(file(channel));
        read.put(channel, opened);
        final FloorReader reader = floor.reader(opened);
        final RecordHandler adapted = (buffer, offset, bytes, position, nextPosition) ->
            handler.onMessage(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES), bytes);

        return (limit) -> reader.poll(adapted, limit);
    }

    @Override
    public boolean isBounded()
    {
        return false;
    }

    @Override
    public void release(final int channel)
    {
        CloseHelper.close(read.remove(channel));
        CloseHelper.close(written.remove(channel));
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(read.values());
        CloseHelper.closeAll(written.values());
    }

    private Path file(final int channel)
    {
        return folder.resolve("floor-" + channel);
    }

    private static final class FloorSender implements Sender
    {
        private final FloorWriter writer;

        FloorSender(final FloorWriter writer)
        {
            this.writer = writer;
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            if (!writer.append(source, offset, length))
            {
                throw new IllegalStateException("the channel was made too small");
            }

            return true;
        }
    }
}
