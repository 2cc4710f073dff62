package io.kekbit.core;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlainTextDataFormatTest
{
    private static final PlainTextDataFormat TEXT = PlainTextDataFormat.INSTANCE;

    @ParameterizedTest
    @ValueSource(strings = {
        "plain", "\u0000\u007f", "\u0080\u07ff",
        "\u0800\uffff", "\ud83d\ude00 smile", "\ud83d alone", "\ude00", "\ud83d"})
    void shouldEncodeAsTheJdkDoesWhenGivenAnyText(final String text)
    {
        final byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

        final int length = TEXT.encode(text, buffer, 3);

        final byte[] actual = new byte[length];
        buffer.getBytes(3, actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void shouldStopAtEndOfBufferWhenTextIsLonger()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4]);

        assertThrows(IndexOutOfBoundsException.class, () -> TEXT.encode("12345", buffer, 0));
    }

    @Test
    void shouldComeBackWhenWrittenToChannel(@TempDir final Path root)
    {
        try (ShmWriter<PlainTextDataFormat> writer =
            ShmWriter.create(root, TestChannels.smallHeader().build(), TEXT);
            ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID, TEXT))
        {
            writer.write(TEXT.encodable("first \u20ac"));
            writer.write(TEXT.encodable("second"));

            assertTrue(reader.next());
            assertEquals("first \u20ac", TEXT.decode(reader.buffer(), reader.offset(), reader.length()));
            assertTrue(reader.next());
            assertEquals("second", TEXT.decode(reader.buffer(), reader.offset(), reader.length()));
        }
    }
}
