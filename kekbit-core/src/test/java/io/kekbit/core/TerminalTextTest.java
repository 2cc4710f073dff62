package io.kekbit.core;

import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("damage")
class TerminalTextTest
{
    @ParameterizedTest
    @ValueSource(strings = {
        "", "trades of today", "a\tb", "C:\\temp", "\u00c4rger \u20ac", "\u6c49\u5b57", "\ud83d\ude80",
        "\ud83d\udc68\u200d\ud83d\udc69", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"})
    void shouldLeaveTextAloneWhenTerminalShowsIt(final String text)
    {
        assertEquals(text, TerminalText.escape(text));
    }

    @ParameterizedTest
    @CsvSource({
        "001b, \\u001b", "0000, \\u0000", "000a, \\u000a", "000d, \\u000d", "0008, \\u0008", "007f, \\u007f",
        "0085, \\u0085", "009b, \\u009b", "202e, \\u202e", "2066, \\u2066", "2028, \\u2028", "feff, \\ufeff",
        "d800, \\ud800", "e0001, \\udb40\\udc01"})
    void shouldEscapeCharacterWhenTerminalActsOnIt(final String codePoint, final String expected)
    {
        final String character = Character.toString(Integer.parseInt(codePoint, 16));

        assertEquals("a" + expected + "b", TerminalText.escape("a" + character + "b"));
    }

    @Test
    void shouldEscapeMediaTypeOfHostileFileWhenItsFormatIsRefused(@TempDir final Path root) throws IOException
    {
        TestChannels.createSmall(root).close();
        TestChannels.putByte(TestChannels.file(root), ExtensionDescriptor.MEDIA_TYPE_OFFSET, 0x1b);

        final FormatMismatchException ex = assertThrows(
            FormatMismatchException.class,
            () -> ShmReader.open(root, TestChannels.CHANNEL_ID, PlainTextDataFormat.INSTANCE));

        assertTrue(ex.getMessage().contains("mediaType=\\u001bpplication/octet-stream"), ex.getMessage());
    }
}
