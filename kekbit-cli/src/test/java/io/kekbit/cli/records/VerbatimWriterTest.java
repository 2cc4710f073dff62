package io.kekbit.cli.records;

import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerbatimWriterTest
{
    private static final Path RUST =
        Path.of("..", "kekbit-core", "src", "test", "resources", "channels", "rust", "0000_0000");

    @TempDir
    private Path root;

    @Test
    void shouldKeepEveryByteWhenEnvelopeIsAnApplicationsOwn()
    {
        final Header header = Header.builder().channelId(1).capacity(1 << 16).maxMessageLength(128).build();
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE),
            new Tag(), new TimestampHandler(TickUnit.NANOS), new ChecksumHandler()))
        {
            writer.write(new UnsafeBuffer(new byte[]{1, 2, 3}), 0, 3);
            writer.write(new UnsafeBuffer(new byte[]{4}), 0, 1);
        }

        assertSameRecords(ChannelPath.file(root, 1));
    }

    @Test
    void shouldMakeChannelWhenSourceIsTheCrates()
    {
        assertSameRecords(RUST.resolve("0000_0005.kekbit"));
    }

    private void assertSameRecords(final Path file)
    {
        try (StreamReader source = StreamReader.open(StreamTarget.channel(file), false))
        {
            final VerbatimWriter.Size size = new VerbatimWriter.Size();
            while (source.next())
            {
                size.add(VerbatimWriter.contentLength(source));
            }
            source.moveTo(0);
            try (VerbatimWriter copy = new VerbatimWriter(source, root, 2, size))
            {
                while (source.next())
                {
                    copy.append();
                }
            }
            source.moveTo(0);
            try (StreamReader copied = StreamReader.open(
                StreamTarget.channel(ChannelPath.file(root, 2)), false))
            {
                assertArrayEquals(source.extension().envelope(), copied.extension().envelope());
                long records = 0;
                while (source.next())
                {
                    assertTrue(copied.next());
                    assertArrayEquals(content(source), content(copied));
                    records++;
                }
                assertFalse(copied.next());
                assertEquals(size.records(), records);
            }
        }
    }

    private static byte[] content(final StreamReader reader)
    {
        final byte[] bytes = new byte[reader.length()];
        reader.buffer().getBytes(reader.offset(), bytes);

        return bytes;
    }

    /**
     * Something of an application's: two bytes before the payload, one behind.
     */
    private static final class Tag implements WriteHandler
    {
        @Override
        public int code()
        {
            return EnvelopeDescriptor.APPLICATION;
        }

        @Override
        public int incomingLength()
        {
            return 2;
        }

        @Override
        public int outgoingLength()
        {
            return 1;
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            slot.putByte(offset, (byte)0x55);
            slot.putByte(offset + 1, (byte)0xAA);
        }

        @Override
        public void outgoing(final MutableDirectBuffer slot, final int offset)
        {
            slot.putByte(offset, (byte)0x77);
        }
    }
}
