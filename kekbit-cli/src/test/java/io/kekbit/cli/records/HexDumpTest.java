package io.kekbit.cli.records;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HexDumpTest
{
    @Test
    void shouldLookLikeHexdumpWhenBytesAreDumped()
    {
        final byte[] bytes = "..0123456789abcdef\n\u00e4".getBytes(StandardCharsets.ISO_8859_1);
        final StringBuilder out = new StringBuilder();

        HexDump.append(out, new UnsafeBuffer(bytes), 2, bytes.length - 2);

        assertEquals(
            "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n" +
            "00000010  0a e4                                             |..|\n",
            out.toString());
    }
}
