package io.kekbit.benchmarks.floor;

import io.kekbit.core.RecordHandler;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * See {@link Floor#WORDS}.
 */
final class WordsFloor
{
    private WordsFloor()
    {
    }

    static final class Appender implements FloorWriter
    {
        private final UnsafeBuffer buffer;
        private final long start;
        private final long end;
        private long address;

        Appender(final FloorChannel channel)
        {
            buffer = channel.buffer();
            start = buffer.addressOffset();
            address = start + RECORD_AREA_OFFSET;
            end = address + channel.capacity() - RecordDescriptor.RESERVED_LENGTH;
        }

        @Override
        public boolean append(final DirectBuffer source, final int offset, final int length)
        {
            if (RecordDescriptor.alignedLength(length) > end - address)
            {
                return false;
            }
            copy(source.byteArray(), source.addressOffset() + offset, address + LENGTH_WORD_LENGTH, length);
            commit(length);

            return true;
        }

        @Override
        public boolean claim(final int length)
        {
            return RecordDescriptor.alignedLength(length) <= end - address;
        }

        @Override
        public MutableDirectBuffer slot()
        {
            return buffer;
        }

        @Override
        public int slotOffset()
        {
            return (int)(address - start) + LENGTH_WORD_LENGTH;
        }

        @Override
        public void commit(final int length)
        {
            // One release will do: nobody looks behind a record before its length is seen.
            final long next = address + RecordDescriptor.alignedLength(length);
            UnsafeApi.putLong(null, next, RecordDescriptor.WATERMARK);
            UnsafeApi.putLongRelease(null, address, length);
            address = next;
        }

        /**
         * Without a loop, in pieces that may overlap. What is longer the JVM copies, which is faster then.
         */
        private static void copy(final byte[] array, final long from, final long to, final int length)
        {
            if (length > 64)
            {
                UnsafeApi.copyMemory(array, from, null, to, length);
            }
            else if (length >= 32)
            {
                fourWords(array, from, to);
                fourWords(array, from + length - 32, to + length - 32);
            }
            else if (length >= 16)
            {
                twoWords(array, from, to);
                twoWords(array, from + length - 16, to + length - 16);
            }
            else if (length >= 8)
            {
                word(array, from, to);
                word(array, from + length - 8, to + length - 8);
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    UnsafeApi.putByte(null, to + i, UnsafeApi.getByte(array, from + i));
                }
            }
        }

        private static void fourWords(final byte[] array, final long from, final long to)
        {
            twoWords(array, from, to);
            twoWords(array, from + 16, to + 16);
        }

        private static void twoWords(final byte[] array, final long from, final long to)
        {
            word(array, from, to);
            word(array, from + 8, to + 8);
        }

        private static void word(final byte[] array, final long from, final long to)
        {
            UnsafeApi.putLongUnaligned(null, to, UnsafeApi.getLongUnaligned(array, from));
        }
    }

    static final class Poller implements FloorReader
    {
        private final UnsafeBuffer buffer;
        private final long start;
        private final int end;
        private int position;

        Poller(final FloorChannel channel)
        {
            buffer = channel.buffer();
            start = buffer.addressOffset() + RECORD_AREA_OFFSET;
            end = channel.capacity();
        }

        @Override
        public int poll(final RecordHandler handler, final int limit)
        {
            int records = 0;
            int position = this.position;
            while (records < limit && position < end)
            {
                // The whole word: the lower half of a watermark is a positive number.
                final long word = UnsafeApi.getLongOpaque(null, start + position);
                if (word <= 0)
                {
                    break;
                }
                VarHandle.acquireFence();
                final int length = (int)word;
                final int recordAt = position;
                position += RecordDescriptor.alignedLength(length);
                records++;
                handler.onRecord(
                    buffer, RECORD_AREA_OFFSET + recordAt + LENGTH_WORD_LENGTH, length, recordAt, position);
            }
            this.position = position;

            return records;
        }
    }
}
