package io.kekbit.benchmarks.stream.peers;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chronicle Queue, set up like the benchmark {@code QueueMultiThreadedJLBHBenchmark2} in its own sources, a sister of
 * the one that its page on performance names: one queue object for both sides of a process, {@link
 * LargeRollCycles#HUGE_DAILY} (an index entry for every 1,024th message only, no roll), a block so large that all
 * messages are in one mapping, the check for the calling thread switched off, and messages written and read in place
 * through a {@link DocumentContext}. Of the ways of putting bytes into it, {@code write(BytesStore, long, long)} was
 * as fast as a bare copy of memory, and faster than from a byte buffer or word by word.
 * <p>
 * Its documentation recommends its pre-toucher, which only the enterprise edition has: in the open source edition of
 * 2026.4 {@code createPretoucher()} and {@code ExcerptAppender.pretouch()} call themselves until the stack overflows.
 * So the pages are touched here, all of them before the first message, in the way of its {@code MicroToucher}, by
 * comparing and setting 0 to 0. A pre-toucher could not do better, and would take a processor while it does it.
 */
final class ChroniclePeer implements Peer
{
    private static final int PAGE_LENGTH = 4096;
    private static final long MIN_BLOCK_LENGTH = 64L * 1024 * 1024;
    private static final int HEADERS_LENGTH = 4 * 1024 * 1024;
    private static final int MESSAGE_HEADER_LENGTH = 4;

    private final Path folder;
    private final Map<Integer, SingleChronicleQueue> queues = new ConcurrentHashMap<>();

    ChroniclePeer(final Path folder)
    {
        this.folder = folder;
    }

    @Override
    public Sender sender(final int channel, final int length, final long messages)
    {
        final ExcerptAppender appender = queue(channel, length, messages).createAppender();
        appender.singleThreadedCheckDisabled(true);
        // Maps the file, and leaves nothing in it.
        try (DocumentContext context = appender.writingDocument())
        {
            touchToWrite(context.wire().bytes().bytesStore());
            context.rollbackOnClose();
        }

        return new ChronicleSender(appender);
    }

    @Override
    public Receiver receiver(
        final int channel, final int length, final long messages, final MessageHandler handler)
    {
        final ExcerptTailer tailer = queue(channel, length, messages).createTailer();
        tailer.singleThreadedCheckDisabled(true);
        // What the queue notes for itself is there before any message, and maps the file.
        try (DocumentContext context = tailer.readingDocument(true))
        {
            if (context.isPresent())
            {
                touchToRead(context.wire().bytes().bytesStore());
            }
        }
        tailer.toStart();

        return new ChronicleReceiver(tailer, handler);
    }

    private SingleChronicleQueue queue(final int channel, final int length, final long messages)
    {
        final long needed = messages * (length + MESSAGE_HEADER_LENGTH) + HEADERS_LENGTH;
        final long blockLength = Math.max(MIN_BLOCK_LENGTH, BitUtil.align(needed, PAGE_LENGTH));

        return queues.computeIfAbsent(channel, (number) -> SingleChronicleQueueBuilder
            .binary(folder.resolve("queue-" + number))
            .rollCycle(LargeRollCycles.HUGE_DAILY)
            .blockSize(blockLength)
            .build());
    }

    private static void touchToWrite(final BytesStore<?, ?> block)
    {
        for (long i = block.start(); i < block.safeLimit(); i += PAGE_LENGTH)
        {
            block.compareAndSwapLong(i, 0, 0);
        }
    }

    private static void touchToRead(final BytesStore<?, ?> block)
    {
        for (long i = block.start(); i < block.safeLimit(); i += PAGE_LENGTH)
        {
            block.readVolatileLong(i);
        }
    }

    @Override
    public boolean isBounded()
    {
        return false;
    }

    @Override
    public void release(final int channel)
    {
        Closeable.closeQuietly(queues.remove(channel));
    }

    @Override
    public void close()
    {
        Closeable.closeQuietly(queues.values());
    }

    private static final class ChronicleSender implements Sender
    {
        private final ExcerptAppender appender;
        private DirectBuffer wrapped;
        private BytesStore<?, ?> message;

        ChronicleSender(final ExcerptAppender appender)
        {
            this.appender = appender;
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            if (source != wrapped)
            {
                wrapped = source;
                message = BytesStore.wrap(source.byteBuffer());
            }
            try (DocumentContext context = appender.writingDocument())
            {
                context.wire().bytes().write(message, (long)offset, (long)length);
            }

            return true;
        }
    }

    private static final class ChronicleReceiver implements Receiver
    {
        private final ExcerptTailer tailer;
        private final MessageHandler handler;

        ChronicleReceiver(final ExcerptTailer tailer, final MessageHandler handler)
        {
            this.tailer = tailer;
            this.handler = handler;
        }

        @Override
        public int poll(final int limit)
        {
            int messages = 0;
            while (messages < limit)
            {
                try (DocumentContext context = tailer.readingDocument())
                {
                    if (!context.isPresent())
                    {
                        break;
                    }
                    final Bytes<?> bytes = context.wire().bytes();
                    final int length = (int)bytes.readRemaining();
                    messages++;
                    handler.onMessage(bytes.readLong(), bytes.readLong(), length);
                }
            }

            return messages;
        }
    }
}
