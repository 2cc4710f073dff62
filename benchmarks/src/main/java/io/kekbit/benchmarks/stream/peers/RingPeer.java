package io.kekbit.benchmarks.stream.peers;

import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Agrona's {@link OneToOneRingBuffer} over a mapped file. Its documentation asks for a capacity that is a power of two,
 * and for messages of at most an eighth of it, and recommends no size. The one here is that of a term of Aeron's beside
 * it. Rings that fit into the caches were tried, and were slower: there the sender takes each cache line from the
 * processor of the receiver, which zeroed it just before, and waits as soon as the receiver is off its processor. The
 * file is filled and touched by {@link IoUtil#mapNewFile(File, long, boolean)}. The flags of the JVMs that measure it
 * switch Agrona's bounds checks off ({@link DirectBuffer#DISABLE_BOUNDS_CHECKS_PROP_NAME}), as they do for Aeron, whose
 * settings for speed have it so.
 */
final class RingPeer implements Peer
{
    private static final int CAPACITY = 64 * 1024 * 1024;
    private static final int MESSAGE_TYPE = 1;
    private static final int PAGE_LENGTH = 4096;

    private final Path folder;
    private final Map<String, MappedByteBuffer> mapped = new ConcurrentHashMap<>();

    RingPeer(final Path folder)
    {
        this.folder = folder;
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        final MappedByteBuffer made =
            IoUtil.mapNewFile(file(channel), CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, true);
        mapped.put("sender-" + channel, made);

        return new RingSender(new OneToOneRingBuffer(new UnsafeBuffer(made)));
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final MappedByteBuffer opened = IoUtil.mapExistingFile(file(channel), "ring");
        mapped.put("receiver-" + channel, opened);
        final UnsafeBuffer buffer = new UnsafeBuffer(opened);
        for (int i = 0; i < buffer.capacity(); i += PAGE_LENGTH)
        {
            // The receiver of a ring writes too: it zeroes what it read.
            buffer.getAndAddLong(i, 0);
        }
        final OneToOneRingBuffer ring = new OneToOneRingBuffer(buffer);
        final org.agrona.concurrent.MessageHandler adapted = (type, message, offset, bytes) ->
            handler.onMessage(message.getLong(offset), message.getLong(offset + Long.BYTES), bytes);

        return (limit) -> ring.read(adapted, limit);
    }

    @Override
    public boolean isBounded()
    {
        return true;
    }

    @Override
    public void release(final int channel)
    {
        IoUtil.unmap(mapped.remove("receiver-" + channel));
        IoUtil.unmap(mapped.remove("sender-" + channel));
    }

    @Override
    public void close()
    {
        mapped.values().forEach(IoUtil::unmap);
        mapped.clear();
    }

    private File file(final int channel)
    {
        return folder.resolve("ring-" + channel).toFile();
    }

    private static final class RingSender implements Sender
    {
        private final OneToOneRingBuffer ring;

        RingSender(final OneToOneRingBuffer ring)
        {
            this.ring = ring;
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            return ring.write(MESSAGE_TYPE, source, offset, length);
        }
    }
}
