package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChannelCopyTest
{
    @TempDir
    private Path root;
    @TempDir
    private Path targetRoot;

    @Test
    void shouldBeEqual() throws IOException
    {
        final Random random = new Random(1);
        final Header header = Header.builder().channelId(1).capacity(1 << 20).maxMessageLength(1000).build();
        final UnsafeBuffer content = new UnsafeBuffer(new byte[1000]);
        final ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
        try (BlockReader blocks = BlockReader.open(writer.file());
            ChannelCopy copy = ChannelCopy.open(targetRoot, blocks.blueprint()))
        {
            final BlockHandler handler = (buffer, offset, length, position, time) ->
                copy.append(position, buffer, offset, length, time) > position;
            while (true)
            {
                random.nextBytes(content.byteArray());
                if (writer.tryWrite(content, 0, 1 + random.nextInt(1000)) < 0)
                {
                    break;
                }
                if (random.nextInt(10) == 0)
                {
                    blocks.poll(handler, 1408);
                }
            }
            writer.close();
            while (blocks.poll(handler, 1408) > 0)
            {
                continue;
            }
            assertEquals(ReaderState.CLOSED, blocks.state());
            copy.complete();
            assertTrue(copy.isClosed());
            CopyCheck.assertEqual(writer.file(), ChannelPath.file(targetRoot, 1));
        }
    }
}
