package io.kekbit.examples.support;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EndOfChannelTest
{
    private static final long TIMEOUT_NS = 1_000;

    @TempDir
    private Path root;

    private final CachedNanoClock clock = new CachedNanoClock();
    private ShmWriter<RawBinDataFormat> writer;
    private ShmReader reader;
    private EndOfChannel end;

    @BeforeEach
    void open()
    {
        final Header header =
            Header.builder().channelId(1).capacity(16_384).maxMessageLength(64).timeout(TIMEOUT_NS).build();
        writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
        reader = ShmReader.builder(root, 1).clock(clock).open();
        end = new EndOfChannel(reader, clock);
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @Test
    void shouldGoOnWhenChannelIsOpen()
    {
        readAll();

        assertFalse(end.isReached());
    }

    @Test
    void shouldEndWhenChannelIsClosed()
    {
        writer.close();
        readAll();

        assertTrue(end.isReached());
    }

    @Test
    void shouldEndWhenWriterIsSilentForLongerThanTheTimeout()
    {
        readAll();
        assertFalse(end.isReached());
        clock.advance(TIMEOUT_NS + 1);

        assertTrue(end.isReached());
    }

    @Test
    void shouldWaitForTheEndWhenChannelHasJustBecomeFull()
    {
        fill();
        readAll();

        assertFalse(end.isReached());
    }

    @Test
    void shouldEndWhenChannelIsFullAndNotClosedForLongerThanTheTimeout()
    {
        fill();
        readAll();
        assertFalse(end.isReached());
        clock.advance(TIMEOUT_NS + 1);

        assertTrue(end.isReached());
    }

    private void fill()
    {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[1]);
        long result;
        do
        {
            result = writer.tryWrite(content, 0, 1);
        }
        while (result != Writer.CHANNEL_FULL);
    }

    private void readAll()
    {
        reader.read((buffer, offset, length, position, nextPosition) -> {}, Integer.MAX_VALUE);
    }
}
