package io.kekbit.benchmarks.floor;

import io.kekbit.core.RecordHandler;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.UnsafeBuffer;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * See {@link Floor#SLOT_VIEW}.
 */
final class SlotViewFloor
{
    private SlotViewFloor()
    {
    }

    static final class Appender implements FloorWriter
    {
        private final UnsafeBuffer buffer;
        private final UnsafeBuffer slot = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
        private final long address;
        private final int end;
        private int position;

        Appender(final FloorChannel channel)
        {
            buffer = channel.buffer();
            address = buffer.addressOffset() + RECORD_AREA_OFFSET;
            end = channel.capacity() - RecordDescriptor.RESERVED_LENGTH;
        }

        @Override
        public boolean append(final DirectBuffer source, final int offset, final int length)
        {
            if (!claim(length))
            {
                return false;
            }
            slot.putBytes(0, source, offset, length);
            commit(length);

            return true;
        }

        @Override
        public boolean claim(final int length)
        {
            if (RecordDescriptor.alignedLength(length) > end - position)
            {
                return false;
            }
            slot.wrap(address + position + LENGTH_WORD_LENGTH, length);

            return true;
        }

        @Override
        public MutableDirectBuffer slot()
        {
            return slot;
        }

        @Override
        public int slotOffset()
        {
            return 0;
        }

        @Override
        public void commit(final int length)
        {
            final int next = position + RecordDescriptor.alignedLength(length);
            buffer.putLongRelease(RECORD_AREA_OFFSET + next, RecordDescriptor.WATERMARK);
            buffer.putLongRelease(RECORD_AREA_OFFSET + position, length);
            position = next;
        }
    }

    static final class Poller implements FloorReader
    {
        private final UnsafeBuffer buffer;
        private final UnsafeBuffer view = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
        private final long address;
        private final int end;
        private int position;

        Poller(final FloorChannel channel)
        {
            buffer = channel.buffer();
            address = buffer.addressOffset() + RECORD_AREA_OFFSET;
            end = channel.capacity();
        }

        @Override
        public int poll(final RecordHandler handler, final int limit)
        {
            int records = 0;
            int position = this.position;
            while (records < limit && position < end)
            {
                final long length = buffer.getLongAcquire(RECORD_AREA_OFFSET + position);
                if (length <= 0)
                {
                    break;
                }
                final int start = position;
                position += RecordDescriptor.alignedLength((int)length);
                records++;
                view.wrap(address + start + LENGTH_WORD_LENGTH, (int)length);
                handler.onRecord(view, 0, (int)length, start, position);
            }
            this.position = position;

            return records;
        }
    }
}
