package io.kekbit.sbe.ir;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.MessageHeaderLayout;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever a message holds, it becomes JSON; whatever stands in the place of a schema is one, or is refused.
 */
@Tag("fuzz")
class SchemaDecoderFuzzTest
{
    private static final int BESIDE = 16;
    private static final int MAX_BLOCK_LENGTH = 4096;
    private static final SchemaDecoder TYPES = SchemaDecoder.of(EveryType.FORMAT);
    private static final SchemaDecoder NESTED = SchemaDecoder.of(
        SbeDataFormat.fromResource(EveryType.class, "META-INF/sbe/nested-big-endian.sbeir"));

    static List<byte[]> messages()
    {
        final List<byte[]> messages = new ArrayList<>();
        for (final DirectBuffer message : List.of(
            EveryType.numbers(), EveryType.kinds(), EveryType.tree(), EveryType.nothing()))
        {
            final byte[] bytes = new byte[1 + message.capacity()];
            message.getBytes(0, bytes, 1, message.capacity());
            messages.add(bytes);
        }

        // A message of template 8 of the other schema.
        messages.add(new byte[]{1, 8, 2, 0, 8, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});

        return messages;
    }

    @MethodSource("messages")
    @FuzzTest(maxDuration = "5m")
    void shouldPrintJsonWhenMessageHoldsAnything(final byte[] input)
    {
        if (input.length == 0)
        {
            return;
        }

        // The message stands in the middle of others, as in a channel: what is around it must not show.
        final int length = input.length - 1;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BESIDE + length + BESIDE]);
        buffer.putBytes(BESIDE, input, 1, length);
        final SchemaDecoder decoder = (input[0] & 1) == 0 ? TYPES : NESTED;
        final StringBuilder out = new StringBuilder();
        final DecodeResult result = new JsonMessagePrinter(decoder).print(buffer, BESIDE, length, out);
        buffer.setMemory(0, BESIDE, (byte)-1);
        buffer.setMemory(BESIDE + length, BESIDE, (byte)-1);
        final StringBuilder again = new StringBuilder();

        assertEquals(result, new JsonMessagePrinter(decoder).print(buffer, BESIDE, length, again));
        assertEquals(out.toString(), again.toString());
        Json.requireJson(out);
    }

    static List<byte[]> schemas()
    {
        final List<byte[]> schemas = new ArrayList<>();
        for (final SchemaDecoder decoder : List.of(TYPES, NESTED))
        {
            final DirectBuffer ir = decoder.format().schema();
            final byte[] bytes = new byte[ir.capacity()];
            ir.getBytes(0, bytes);
            schemas.add(bytes);
        }

        return schemas;
    }

    @MethodSource("schemas")
    @FuzzTest(maxDuration = "5m")
    void shouldDecodeOrThrowOneExceptionWhenSchemaHoldsAnything(final byte[] input)
    {
        final SchemaDecoder decoder;
        try
        {
            decoder = SchemaDecoder.fromIr(new UnsafeBuffer(input));
        }
        catch (final InvalidSchemaException ex)
        {
            assertTrue(ex.getMessage().startsWith("invalid SBE schema: "), ex.getMessage());
            return;
        }

        final MessageHeaderLayout header = decoder.format().headerLayout();
        if (header.length() > MAX_BLOCK_LENGTH)
        {
            // Such a message would be as long, and no record is.
            return;
        }

        final JsonMessagePrinter printer = new JsonMessagePrinter(decoder);
        for (final MessageDescription message : decoder.messages())
        {
            // The schema once more, as the content of each of its messages.
            final int length = header.length() + Math.min(message.blockLength(), MAX_BLOCK_LENGTH) + input.length;
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
            buffer.putBytes(header.length(), input);
            header.write(
                buffer,
                0,
                message.blockLength(),
                message.templateId(),
                decoder.format().schemaId(),
                decoder.format().schemaVersion());
            final StringBuilder out = new StringBuilder();
            printer.print(buffer, 0, length, out);
            assertTrue(out.length() > 0);
        }
    }
}
