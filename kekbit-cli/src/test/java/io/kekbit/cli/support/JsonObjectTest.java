package io.kekbit.cli.support;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * JSON in one line.
 */
class JsonObjectTest
{
    @Test
    void shouldKeepMembersInOrder()
    {
        assertEquals(
            "{\"a\":\"x\",\"b\":-1,\"c\":18446744073709551615,\"d\":null,\"e\":true,\"f\":{\"g\":null}," +
                "\"h\":[{\"i\":1}],\"j\":[\"k\",\"l\"],\"m\":1.5,\"n\":null}",
            new JsonObject()
                .text("a", "x")
                .number("b", -1)
                .unsigned("c", -1)
                .number("d", OptionalLong.empty())
                .bool("e", true)
                .object("f", new JsonObject().text("g", null))
                .objects("h", List.of(new JsonObject().number("i", 1)))
                .texts("j", List.of("k", "l"))
                .decimal("m", 1.5)
                .decimal("n", Double.NaN)
                .toString());
    }

    @Test
    void shouldEscapeWhatJsonOrTerminalWouldActOn()
    {
        final String lone = String.valueOf((char)0xD800);
        final String pair = new String(Character.toChars(0x1F600));

        assertEquals(
            "{\"a\":\"\\\"\\\\\\n\\u001b\\u202e\\ud800" + pair + "\u00e9\"}",
            new JsonObject().text("a", "\"\\\n\u001b\u202e" + lone + pair + "\u00e9").toString());
    }
}
