package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Makes a channel file of a fuzzer's input: a real channel, chosen by the first byte, with the damage that the other
 * bytes describe. So what the fuzzer changes lies behind the signatures, where the questions are. The damage is a list
 * of steps, each a byte that says what to do and the few bytes which that takes.
 */
final class FuzzChannels
{
    static final int TEMPLATES = 5;

    /**
     * The channel is of an earlier run of the machine.
     */
    static final int RESTARTED = 8;

    /**
     * The reader reads what is suspect, the writer gives it up.
     */
    static final int SUSPECT = 16;

    static final int PUT_BYTES = 0;
    static final int PUT_WORD = 1;
    static final int PUT_FIELD = 2;
    static final int PUT_SPECIAL = 3;
    static final int SET_LENGTH = 4;
    static final int PUT_INDEX_ENTRY = 5;
    static final int PUT_CHECKSUM = 6;
    static final int PUT_SPECIAL_FIELD = 7;
    static final int PUT_AT_END = 8;
    static final int PUT_HEARTBEATS = 9;

    private static final int STEPS = 10;
    private static final int RECORDS = 100;
    private static final int RUST_END = 1040;
    private static final int FLUSHED = 80;
    private static final int HEARTBEATS_EVERY = 10;
    private static final int MAX_PAYLOAD = 90;
    private static final int CREATION_TIME = 1_000_000;
    private static final int CREATION_TIME_OFFSET = 48;
    private static final long[] SPECIALS = {
        RecordDescriptor.WATERMARK, RecordDescriptor.CLOSE, 0, 1, 8, 9, 12, 13, 112, 113, -8, Long.MIN_VALUE,
        Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, 16_384, 16_376, 16_368, 17_408, 17_440,
        17_472, 17_536, 32_768, 0x0003_0201, 0x0302, 3, 0x0303_0303_0303_0303L, 0x0101_0101_0101_0101L,
        0xFFFF_FFFF_1111_1110L, 0x0001_0000_0000_0000L, 4096};

    private final Path file;
    private final byte[][] templates = new byte[TEMPLATES][];
    private final int[] ends = new int[TEMPLATES];

    /**
     * @param root folder of the channel.
     */
    FuzzChannels(final Path root) throws IOException
    {
        file = TestChannels.file(root);
        write(root, 0, RECORDS, false);
        // As many as there is room for.
        write(root, 1, Integer.MAX_VALUE, true);
        write(root, 2, RECORDS, false, new SequenceHandler(), new ChecksumHandler());
        write(
            root, 3, RECORDS, false, new TimestampHandler(TickUnit.NANOS, () -> CREATION_TIME),
            new SequenceHandler(), new ChecksumHandler());
        ends[4] = RUST_END;
        try (InputStream fixture = FuzzChannels.class.getResourceAsStream(
            "/channels/rust/" + ChannelPath.relative(TestChannels.CHANNEL_ID)))
        {
            templates[4] = fixture.readAllBytes();
        }
    }

    /**
     * A folder for one run, in memory where the system has such a thing.
     */
    static Path newFolder() throws IOException
    {
        final Path memory = Path.of("/dev/shm");

        return Files.isWritable(memory) ? Files.createTempDirectory(memory, "kekbit-fuzz") :
            Files.createTempDirectory("kekbit-fuzz");
    }

    static void delete(final Path folder) throws IOException
    {
        try (Stream<Path> files = Files.walk(folder))
        {
            for (final Path path : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }

    /**
     * The first byte of an input: which channel, and how it is used.
     */
    static int control(final byte[] input)
    {
        return input.length == 0 ? 0 : input[0];
    }

    /**
     * Write the file that an input describes.
     *
     * @return its content.
     */
    byte[] write(final byte[] input) throws IOException
    {
        final int control = control(input);
        final int template = (control & 7) % TEMPLATES;
        byte[] content = templates[template].clone();
        if ((control & RESTARTED) != 0 && template != 4)
        {
            content[ExtensionDescriptor.BOOT_ID_OFFSET] ^= 1;
        }
        final Input steps = new Input(input);
        while (steps.hasMore())
        {
            content = damaged(content, steps, RecordDescriptor.RECORD_AREA_OFFSET + ends[template]);
        }
        Files.write(file, content);

        return content;
    }

    Path file()
    {
        return file;
    }

    private static byte[] damaged(final byte[] content, final Input input, final int end)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(content);
        final int step = input.u8() % STEPS;
        if (step == SET_LENGTH)
        {
            return Arrays.copyOf(content, input.u16());
        }
        if (step == PUT_BYTES)
        {
            final int offset = input.u16();
            for (int i = 0, count = 1 + input.u8() % 32; i < count; i++)
            {
                if (offset + i < content.length)
                {
                    content[offset + i] = (byte)input.u8();
                }
            }
        }
        else if (step == PUT_WORD)
        {
            put(buffer, RecordDescriptor.RECORD_AREA_OFFSET + input.u16() * Long.BYTES, input.i64(), Long.BYTES);
        }
        else if (step == PUT_SPECIAL)
        {
            put(buffer, RecordDescriptor.RECORD_AREA_OFFSET + input.u16() * Long.BYTES, input.special(), Long.BYTES);
        }
        else if (step == PUT_FIELD)
        {
            put(buffer, input.u8() * Integer.BYTES, input.i64(), Integer.BYTES);
        }
        else if (step == PUT_SPECIAL_FIELD)
        {
            put(buffer, input.u8() * Integer.BYTES, input.special(), Long.BYTES);
        }
        else if (step == PUT_AT_END)
        {
            put(buffer, end, input.special(), Long.BYTES);
        }
        else if (step == PUT_HEARTBEATS)
        {
            final int length = Math.min(input.u16() * Long.BYTES, content.length - end);
            buffer.setMemory(Math.min(end, content.length), Math.max(0, length), (byte)0);
        }
        else if (step == PUT_INDEX_ENTRY)
        {
            putIndexEntry(buffer, input);
        }
        else
        {
            putChecksum(buffer, RecordDescriptor.RECORD_AREA_OFFSET + input.u16() * Long.BYTES);
        }

        return content;
    }

    /**
     * An entry that lies, with a check that is right.
     */
    private static void putIndexEntry(final UnsafeBuffer buffer, final Input input)
    {
        final long position = (long)input.u16() * Long.BYTES;
        final int entry = input.u8() % 4;
        if (buffer.capacity() >= RecordDescriptor.RECORD_AREA_OFFSET)
        {
            final long section = buffer.getLong(ExtensionDescriptor.INDEX_SECTION_OFFSET, LITTLE_ENDIAN);
            final long offset = section + entry * IndexDescriptor.ENTRY_LENGTH;
            if (section > 0 && offset <= buffer.capacity() - IndexDescriptor.ENTRY_LENGTH)
            {
                IndexDescriptor.putEntry(
                    buffer, (int)offset, position, 0, 0, buffer.getLong(CREATION_TIME_OFFSET, LITTLE_ENDIAN));
            }
        }
    }

    /**
     * Make the last four bytes of what looks like a record the checksum of those before.
     */
    private static void putChecksum(final UnsafeBuffer buffer, final int word)
    {
        if (word <= buffer.capacity() - Long.BYTES)
        {
            final long length = buffer.getLong(word, LITTLE_ENDIAN);
            if (length > Integer.BYTES && length <= buffer.capacity() - word - Long.BYTES)
            {
                final int end = (int)length - Integer.BYTES;
                final CRC32C crc = new CRC32C();
                crc.update(buffer.byteArray(), word + Long.BYTES, end);
                buffer.putInt(word + Long.BYTES + end, (int)crc.getValue(), LITTLE_ENDIAN);
            }
        }
    }

    private static void put(final UnsafeBuffer buffer, final int offset, final long value, final int length)
    {
        for (int i = 0; i < length && offset + i < buffer.capacity(); i++)
        {
            buffer.putByte(offset + i, (byte)(value >>> 8 * i));
        }
    }

    private void write(
        final Path root, final int template, final int records, final boolean isClosed, final WriteHandler... handlers)
        throws IOException
    {
        final Header header = TestChannels.smallHeader().creationTime(CREATION_TIME).build();
        final Writer<?> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header, new DescribedFormat()).label("fuzzed"), handlers);
        final byte[] open;
        try (writer)
        {
            int number = 0;
            while (++number <= records && NumberedRecords.tryWrite(writer, number, MAX_PAYLOAD) > 0)
            {
                if (template == 2 && number % HEARTBEATS_EVERY == 0)
                {
                    writer.tryHeartbeat();
                }
                if (number == FLUSHED)
                {
                    writer.flush();
                }
            }
            ends[template] = (int)writer.writeOffset();
            open = Files.readAllBytes(file);
        }
        templates[template] = isClosed ? Files.readAllBytes(file) : open;
        Files.delete(file);
    }

    /**
     * Seeds: every channel as it is and restarted, and one of each step.
     */
    static List<byte[]> seeds()
    {
        return List.of(
            new byte[] {0},
            new byte[] {1},
            new byte[] {2},
            new byte[] {3},
            new byte[] {4},
            new byte[] {RESTARTED + 2},
            new byte[] {RESTARTED + SUSPECT + 3},
            new byte[] {2, PUT_BYTES, 0x40, 0x04, 0x02, 1, 2, 3},
            new byte[] {2, PUT_WORD, 1, 0, 120, 0, 0, 0, 0, 0, 0, 0, PUT_CHECKSUM, 1, 0},
            new byte[] {2, PUT_SPECIAL, 1, 0, 1},
            new byte[] {RESTARTED, PUT_FIELD, 112, 8, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {3, PUT_SPECIAL_FIELD, 38, 14, PUT_SPECIAL_FIELD, 40, 8},
            new byte[] {0, PUT_INDEX_ENTRY, 3, 0, 1, PUT_INDEX_ENTRY, 9, 0, 2},
            new byte[] {1, PUT_AT_END, 5},
            new byte[] {0, PUT_HEARTBEATS, 0, 8},
            new byte[] {4, SET_LENGTH, (byte)0xA0, 0x40},
            new byte[] {0, SET_LENGTH, (byte)0x80, 0x44});
    }

    /**
     * The bytes behind the first one; zeros where there are no more.
     */
    private static final class Input
    {
        private final byte[] bytes;
        private int index = 1;

        private Input(final byte[] bytes)
        {
            this.bytes = bytes;
        }

        private boolean hasMore()
        {
            return index < bytes.length;
        }

        private int u8()
        {
            return hasMore() ? bytes[index++] & 0xFF : 0;
        }

        private int u16()
        {
            return u8() | u8() << 8;
        }

        private long i64()
        {
            long value = 0;
            for (int i = 0; i < Long.BYTES; i++)
            {
                value |= (long)u8() << 8 * i;
            }

            return value;
        }

        private long special()
        {
            return SPECIALS[u8() % SPECIALS.length];
        }
    }

    /**
     * Raw bytes with a description.
     */
    static final class DescribedFormat implements DataFormat
    {
        @Override
        public long id()
        {
            return 1L << 40;
        }

        @Override
        public String mediaType()
        {
            return "application/x-fuzzed";
        }

        @Override
        public boolean accepts(final long storedId, final DirectBuffer schema)
        {
            return true;
        }

        @Override
        public DirectBuffer schema()
        {
            return TestChannels.bytes(100);
        }
    }
}
