package io.kekbit.cli;

import io.kekbit.core.TickUnit;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.concurrent.UnsafeBuffer;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrEncoder;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A series of quotes, in version 1 of its schema and then in version 2, which calls the quantity otherwise and has a
 * field and a message more. Each opening in another version goes on in another channel.
 */
final class QuoteSeries
{
    static final String NAME = "quotes";

    private static final String SCHEMA = """
        <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="quotes" id="77" version="%d"
            byteOrder="littleEndian">
          <types>
            <composite name="messageHeader">
              <type name="blockLength" primitiveType="uint16"/>
              <type name="templateId" primitiveType="uint16"/>
              <type name="schemaId" primitiveType="uint16"/>
              <type name="version" primitiveType="uint16"/>
            </composite>
          </types>
          <sbe:message name="Quote" id="1">
            <field name="price" id="1" type="int64"/>
            %s
          </sbe:message>
          %s
        </sbe:messageSchema>
        """;
    private static final SbeDataFormat VERSION_1 =
        format(SCHEMA.formatted(1, "<field name=\"size\" id=\"2\" type=\"int32\"/>", ""));
    private static final SbeDataFormat VERSION_2 = format(SCHEMA.formatted(
        2,
        "<field name=\"quantity\" id=\"2\" type=\"int32\"/>" +
            "<field name=\"orders\" id=\"3\" type=\"int32\" sinceVersion=\"2\"/>",
        "<sbe:message name=\"Halt\" id=\"2\" sinceVersion=\"2\"><field name=\"reason\" id=\"1\" type=\"int32\"/>" +
            "</sbe:message>"));

    private static final int HEADER_LENGTH = 8;

    private QuoteSeries()
    {
    }

    /**
     * Two quotes of version 1, and two and a halt of version 2: with the prices 10, 11, 12 and 13.
     */
    static void write(final Path root)
    {
        try (SeriesWriter<SbeDataFormat> writer = open(root, VERSION_1))
        {
            quote(writer, 1, 10);
            quote(writer, 1, 11);
        }
        writeNew(root);
    }

    /**
     * Two quotes and a halt of version 2, with the prices 12 and 13.
     */
    static void writeNew(final Path root)
    {
        try (SeriesWriter<SbeDataFormat> writer = open(root, VERSION_2))
        {
            quote(writer, 2, 12);
            quote(writer, 2, 13);
            final UnsafeBuffer halt = message(4, 2, 2);
            halt.putInt(HEADER_LENGTH, 7, LITTLE_ENDIAN);
            writer.write(halt, 0, HEADER_LENGTH + 4);
        }
    }

    private static SeriesWriter<SbeDataFormat> open(final Path root, final SbeDataFormat format)
    {
        final long[] nowNs = {TimeUnit.DAYS.toNanos(20_000)};

        return SeriesWriter.builder(root, NAME, format)
            .capacity(16_384)
            .maxMessageLength(120)
            .tickUnit(TickUnit.NANOS)
            .handlers(new TimestampHandler(TickUnit.NANOS, () -> nowNs[0]), new SequenceHandler())
            .open();
    }

    private static void quote(final SeriesWriter<SbeDataFormat> writer, final int version, final long price)
    {
        final int blockLength = version == 1 ? 12 : 16;
        final UnsafeBuffer quote = message(blockLength, 1, version);
        quote.putLong(HEADER_LENGTH, price, LITTLE_ENDIAN);
        quote.putInt(HEADER_LENGTH + 8, (int)price * 2, LITTLE_ENDIAN);
        if (version > 1)
        {
            quote.putInt(HEADER_LENGTH + 12, (int)price * 3, LITTLE_ENDIAN);
        }
        writer.write(quote, 0, HEADER_LENGTH + blockLength);
    }

    private static UnsafeBuffer message(final int blockLength, final int templateId, final int version)
    {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER_LENGTH + blockLength]);
        message.putShort(0, (short)blockLength, LITTLE_ENDIAN);
        message.putShort(2, (short)templateId, LITTLE_ENDIAN);
        message.putShort(4, (short)77, LITTLE_ENDIAN);
        message.putShort(6, (short)version, LITTLE_ENDIAN);

        return message;
    }

    private static SbeDataFormat format(final String schema)
    {
        try
        {
            final Ir ir = new IrGenerator().generate(XmlSchemaParser.parse(
                new ByteArrayInputStream(schema.getBytes(StandardCharsets.UTF_8)), ParserOptions.DEFAULT));
            final ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
            final int length;
            try (IrEncoder encoder = new IrEncoder(bytes, ir))
            {
                length = encoder.encode();
            }

            return SbeDataFormat.fromIr(new UnsafeBuffer(bytes, 0, length));
        }
        catch (final Exception ex)
        {
            throw new AssertionError(ex);
        }
    }
}
