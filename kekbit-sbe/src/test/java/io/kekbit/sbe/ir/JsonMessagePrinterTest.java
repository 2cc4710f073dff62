package io.kekbit.sbe.ir;

import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.test.extra.BlobEncoder;
import io.kekbit.test.extra.RowsEncoder;
import io.kekbit.test.nested.BasketEncoder;
import io.kekbit.test.nested.Colour;
import io.kekbit.test.types.MessageHeaderEncoder;
import io.kekbit.test.types.TreeEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class JsonMessagePrinterTest
{
    private static final MessageVisitor NOBODY = new MessageVisitor()
    {
    };
    private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;
    private static final int MUTATIONS = 5_000;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final SchemaDecoder TYPES = SchemaDecoder.of(EveryType.FORMAT);
    private static final String V0_TREE =
        "{\"message\":\"Tree\",\"fields\":{\"number\":7,\"branches\":[{\"width\":3,\"leaves\":[{\"colour\":\"LOW\"," +
        "\"note\":\"x\"}],\"name\":\"\"}],\"marks\":[],\"comment\":\"c\",\"blob\":\"\"}}";

    private static List<UnsafeBuffer> messages()
    {
        return List.of(EveryType.numbers(), EveryType.kinds(), EveryType.tree(), EveryType.nothing());
    }

    @Test
    void shouldPrintGroupsWhenCountStandsBeforeBlockLength()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final BasketEncoder basket = new BasketEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.nested.MessageHeaderEncoder());
        basket.stamp(1).colour(Colour.RED).added(5);
        basket.reach().low((short)-1).high((short)1);
        final BasketEncoder.OrdersEncoder orders = basket.ordersCount(1);
        final BasketEncoder.OrdersEncoder.LegsEncoder legs = orders.next().number(9).legsCount(1);
        legs.next().ratio((byte)-3).fillsCount(1).next().shares(2).note("n");
        legs.label("l");
        basket.tagsCount(2).next().tag((short)1).next().tag((short)2);
        basket.comment("c");

        assertEquals(
            "{\"message\":\"Basket\",\"fields\":{\"stamp\":1,\"reach\":{\"low\":-1,\"high\":1},\"colour\":\"RED\"," +
            "\"money\":\"EUR\",\"fixedColour\":\"GREEN\",\"added\":5,\"orders\":[{\"number\":9,\"legs\":[{" +
            "\"ratio\":-3,\"fills\":[{\"shares\":2,\"note\":\"n\"}],\"label\":\"l\"}]}],\"tags\":[{\"tag\":1}," +
            "{\"tag\":2}],\"comment\":\"c\"}}",
            Json.print(decoder("nested-big-endian"), buffer));
    }

    @Test
    void shouldPrintMessageWhenHeaderHasFieldsOfItsOwn()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final BlobEncoder blob = new BlobEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.extra.MessageHeaderEncoder());
        blob.putBytes(new byte[]{-1, 0}, 0, 2);

        assertEquals(
            "{\"message\":\"Blob\",\"fields\":{\"bytes\":\"/wA=\"}}", Json.print(decoder("extra-header"), buffer));
    }

    @Test
    void shouldPrintMessageWhenGroupHeaderHasFieldsOfItsOwn()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final RowsEncoder rows = new RowsEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.extra.MessageHeaderEncoder());
        rows.entriesCount(1).next().number(4);

        assertEquals(
            "{\"message\":\"Rows\",\"fields\":{\"entries\":[{\"number\":4}]}}",
            Json.print(decoder("extra-header"), buffer));
    }

    @Test
    void shouldPrintMessageWhenHeaderFieldsAreOf32Bits()
    {
        final SchemaDecoder decoder = decoder("wide-header");
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16 + 8]);
        decoder.format().headerLayout().write(buffer, 0, 8, 100_000, 12, 3);
        buffer.putLong(16, -1, ByteOrder.LITTLE_ENDIAN);

        assertEquals(
            "{\"message\":\"Wide\",\"fields\":{\"number\":18446744073709551615}}", Json.print(decoder, buffer));
    }

    @Test
    void shouldLeaveOutWhatIsNewerWhenMessageIsOld()
    {
        assertEquals(V0_TREE, Json.print(TYPES, oldTree(0, 0)));
    }

    @Test
    void shouldStepOverWhatIsUnknownWhenBlocksAreLonger()
    {
        // A message of a version to come has at least what this one has, so only an old one can be longer in all
        // blocks.
        assertEquals(V0_TREE, Json.print(TYPES, oldTree(0, 5)));
    }

    @Test
    void shouldPrintWhatItKnowsWhenMessageIsOfVersionToCome()
    {
        final UnsafeBuffer nothing = EveryType.nothing();
        final UnsafeBuffer longer = new UnsafeBuffer(new byte[HEADER + 9]);
        longer.putBytes(0, nothing, 0, HEADER);
        EveryType.FORMAT.headerLayout().write(longer, 0, 4, 4, 77, 200);

        assertEquals(Json.print(TYPES, nothing), Json.print(TYPES, longer));
    }

    @Test
    void shouldPrintBytesWhenSchemaIsAnother()
    {
        final UnsafeBuffer message = EveryType.nothing();
        message.putShort(3, (short)78, BIG);

        assertEquals("{\"schema\":78,\"template\":4,\"hex\":\"000004004e02\"}", Json.print(TYPES, message));
    }

    @Test
    void shouldPrintBytesWhenThereAreNone()
    {
        assertEquals(
            "{\"error\":\"shorter than a message header\",\"hex\":\"\"}",
            Json.print(TYPES, new UnsafeBuffer(new byte[0])));
    }

    @Test
    void shouldPrintBytesWhenBlockIsShorterThanItsVersionHasIt()
    {
        final UnsafeBuffer message = EveryType.tree();
        message.putShort(0, (short)8, BIG);
        final String json = Json.print(TYPES, message);

        assertTrue(json.startsWith("{\"template\":3,\"error\":\"a length or a count leads beyond "), json);
    }

    @Test
    void shouldSayMalformedWhenCountIsGreatestAndEntriesAreEmpty()
    {
        final UnsafeBuffer message = withMarks(0xFFFF_FFFF);

        assertEquals(DecodeResult.MALFORMED, TYPES.decode(message, 0, message.capacity(), NOBODY));
    }

    @Test
    void shouldGiveUpWhenEntriesAreEmptyAndFarMoreThanBytes()
    {
        final UnsafeBuffer message = withMarks(Integer.MAX_VALUE);
        final StringBuilder out = new StringBuilder("before");
        final DecodeResult result = new JsonMessagePrinter(TYPES).print(message, 0, message.capacity(), out);

        assertEquals(DecodeResult.TOO_COSTLY, result);
        assertTrue(out.toString().startsWith("before{\"template\":3,\"error\":\"far more values than bytes\","));
        assertTrue(out.length() < 300, out.toString());
    }

    @Test
    void shouldPrintAllEntriesWhenTheyAreEmptyAndSome()
    {
        final String json = Json.print(TYPES, withMarks(100_000));

        assertEquals(100_000, json.split("\"constText\"", -1).length - 1);
        Json.requireJson(json);
    }

    @Test
    void shouldAppendMembersOnlyWhenAskedTo()
    {
        final UnsafeBuffer message = EveryType.nothing();
        final StringBuilder out = new StringBuilder("{\"position\":8,");
        new JsonMessagePrinter(TYPES).printMembers(message, 0, message.capacity(), out);
        out.append('}');

        assertEquals(
            "{\"position\":8,\"message\":\"Nothing\",\"fields\":{\"constSide\":\"BUY\",\"constText\":\"EUR\"}}",
            out.toString());
    }

    @Test
    void shouldPrintTheSameWhenMessageStandsAmongOtherBytes()
    {
        final JsonMessagePrinter printer = new JsonMessagePrinter(TYPES);
        for (final UnsafeBuffer message : messages())
        {
            final UnsafeBuffer among = new UnsafeBuffer(new byte[message.capacity() + 20]);
            among.setMemory(0, among.capacity(), (byte)0x55);
            among.putBytes(7, message, 0, message.capacity());
            final StringBuilder out = new StringBuilder();
            printer.print(among, 7, message.capacity() + 3, out);

            assertEquals(Json.print(TYPES, message), out.toString());
        }
    }

    @Test
    void shouldThrowWhenBytesLieOutsideBuffer()
    {
        final UnsafeBuffer message = EveryType.nothing();
        final JsonMessagePrinter printer = new JsonMessagePrinter(TYPES);

        assertThrows(
            IndexOutOfBoundsException.class, () -> printer.print(message, 1, message.capacity(), new StringBuilder()));
    }

    @Test
    void shouldPrintOnlyWhatIsLetThroughWhenThereIsAVisitorBetween()
    {
        final JsonMessagePrinter printer = new JsonMessagePrinter(TYPES, (writer) -> new MessageVisitor()
        {
            @Override
            public void onBeginMessage(final String name, final int templateId, final int actingVersion)
            {
                writer.onBeginMessage(name, templateId, actingVersion);
            }

            @Override
            public void onEndMessage()
            {
                writer.onEndMessage();
            }

            @Override
            public void onText(final String name, final String value)
            {
                writer.onText(name, value);
            }
        });
        final UnsafeBuffer message = EveryType.nothing();
        final StringBuilder out = new StringBuilder();
        printer.print(message, 0, message.capacity(), out);

        assertEquals("{\"message\":\"Nothing\",\"fields\":{\"constText\":\"EUR\"}}", out.toString());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldPrintJsonWhenMessageIsWhole(final UnsafeBuffer message)
    {
        final String json = Json.print(TYPES, message);

        assertFalse(json.contains("\"hex\""), json);
        Json.requireJson(json);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldPrintJsonWhenMessageIsTruncatedAnywhere(final UnsafeBuffer message)
    {
        for (int length = 0; length < message.capacity(); length++)
        {
            final String json = Json.print(TYPES, new UnsafeBuffer(message, 0, length));

            assertTrue(json.contains("\"hex\""), json);
            Json.requireJson(json);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldPrintJsonWhenBitsAreFlipped(final UnsafeBuffer message)
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[message.capacity()]);
        for (int i = 0; i < MUTATIONS; i++)
        {
            bytes.putBytes(0, message, 0, message.capacity());
            for (int flips = random.nextInt(1, 4); flips > 0; flips--)
            {
                final int index = random.nextInt(bytes.capacity());
                bytes.putByte(index, (byte)(bytes.getByte(index) ^ 1 << random.nextInt(8)));
            }

            requireJson(bytes, "seed=" + seed + " mutation=" + i);
        }
    }

    private static void requireJson(final DirectBuffer bytes, final String what)
    {
        try
        {
            // The value of a bit in a count of empty entries is up to 2^30 entries: see that some come through, not
            // all.
            if (EveryType.FORMAT.messageLength(bytes, 0, bytes.capacity()) != bytes.capacity())
            {
                TYPES.decode(bytes, 0, bytes.capacity(), NOBODY);
            }
            else
            {
                Json.requireJson(Json.print(TYPES, bytes));
            }
        }
        catch (final RuntimeException | AssertionError ex)
        {
            throw new AssertionError(what, ex);
        }
    }

    /**
     * A tree with one branch with one leaf, as versions before 1 had it.
     *
     * @param more bytes at the end of each block.
     */
    private static UnsafeBuffer oldTree(final int version, final int more)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        EveryType.FORMAT.headerLayout().write(buffer, 0, 8 + more, 3, 77, version);
        int at = HEADER;
        buffer.putLong(at, 7, BIG);
        at = groupHeader(buffer, at + 8 + more, 1, 2 + more);
        buffer.putShort(at, (short)3, BIG);
        at = groupHeader(buffer, at + 2 + more, 1, 2 + more);
        buffer.putShort(at, (short)1, BIG);
        at += 2 + more;
        buffer.putInt(at, 1, BIG);
        buffer.putByte(at + 4, (byte)'x');
        buffer.putShort(at + 5, (short)0, BIG);
        at = groupHeader(buffer, at + 7, 0, more);
        buffer.putInt(at, 1, BIG);
        buffer.putByte(at + 4, (byte)'c');
        buffer.putByte(at + 5, (byte)0);

        return new UnsafeBuffer(buffer, 0, at + 6);
    }

    /**
     * A tree whose marks have no fields but a constant, and so no bytes.
     */
    private static UnsafeBuffer withMarks(final int count)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        EveryType.FORMAT.headerLayout().write(buffer, 0, TreeEncoder.BLOCK_LENGTH, 3, 77, 0);
        int at = groupHeader(buffer, HEADER + TreeEncoder.BLOCK_LENGTH, 0, 0);
        at = groupHeader(buffer, at, count, 0);
        buffer.putInt(at, 0, BIG);
        buffer.putByte(at + 4, (byte)0);

        return new UnsafeBuffer(buffer, 0, at + 5);
    }

    private static int groupHeader(final UnsafeBuffer buffer, final int at, final int count, final int blockLength)
    {
        buffer.putInt(at, count, BIG);
        buffer.putShort(at + 4, (short)blockLength, BIG);

        return at + 6;
    }

    private static SchemaDecoder decoder(final String name)
    {
        return SchemaDecoder.of(SbeDataFormat.fromResource(EveryType.class, "META-INF/sbe/" + name + ".sbeir"));
    }
}
