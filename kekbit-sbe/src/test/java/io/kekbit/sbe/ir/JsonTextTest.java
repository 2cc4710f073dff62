package io.kekbit.sbe.ir;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class JsonTextTest
{
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "`plain ~`, `plain ~`",
        "`\"`, `\\\"`",
        "`\\`, `\\\\`",
        "`/`, `/`",
        "`\b\f\n\r\t`, `\\b\\f\\n\\r\\t`",
        "`\u0000\u001b\u007f\u0085\u009b`, `\\u0000\\u001b\\u007f\\u0085\\u009b`",
        "`\u2028\u2029\u202e\ufeff`, `\\u2028\\u2029\\u202e\\ufeff`",
        "`\u00e9\u20ac`, `\u00e9\u20ac`",
        "`\ud83c\udf33`, `\ud83c\udf33`",
        "`\ud83d\udc68\u200d\ud83d\udc69`, `\ud83d\udc68\u200d\ud83d\udc69`",
        "`\ud83c`, `\\ud83c`",
        "`\udf33\ud83c`, `\\udf33\\ud83c`",
        "`a\ud83c\ud83c\udf33`, `a\\ud83c\ud83c\udf33`",
        "`\udb40\udc41`, `\\udb40\\udc41`"})
    void shouldEscapeWhatJsonOrATerminalWouldActOn(final String text, final String expected)
    {
        final StringBuilder out = new StringBuilder();
        JsonText.appendQuoted(out, text);

        assertEquals('"' + expected + '"', out.toString());
        Json.requireJson(out);
    }

    @Test
    void shouldWriteTwoDigitsForEachByte()
    {
        final StringBuilder out = new StringBuilder();
        JsonText.appendHex(out, new UnsafeBuffer(new byte[]{9, 0, 15, -1, -128}), 1, 4);

        assertEquals("\"000fff80\"", out.toString());
    }
}
