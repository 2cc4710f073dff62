package io.kekbit.sbe;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.OtfHeaderDecoder;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/**
 * Compares what is computed from a schema with what the generator's own parser computes.
 */
class SchemaOracleTest
{
    @ParameterizedTest
    @ValueSource(strings = {
        "market-data", "v0/market-data", "nested-big-endian", "extra-header", "wide-header"})
    void shouldAgreeOnIdentityWhenSchemaIsOneOfOurs(final String name)
    {
        final SbeDataFormat format = TestFormats.load(name);
        final Ir ir = SchemaOracle.decode(format);

        assertEquals(ir.packageName(), format.packageName());
        assertEquals(ir.id(), format.schemaId());
        assertEquals(ir.version(), format.schemaVersion());
        assertEquals(ir.byteOrder(), format.byteOrder());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "market-data", "v0/market-data", "nested-big-endian", "extra-header", "wide-header"})
    void shouldAgreeOnHeaderWhenOneReadsWhatTheOtherWrote(final String name)
    {
        final SbeDataFormat format = TestFormats.load(name);
        final OtfHeaderDecoder oracle = new OtfHeaderDecoder(SchemaOracle.decode(format).headerStructure());
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

        format.headerLayout().write(buffer, 3, 1001, 102, 1003, 104);

        assertEquals(oracle.encodedLength(), format.headerLayout().length());
        assertEquals(1001, oracle.getBlockLength(buffer, 3));
        assertEquals(102, oracle.getTemplateId(buffer, 3));
        assertEquals(1003, oracle.getSchemaId(buffer, 3));
        assertEquals(104, oracle.getSchemaVersion(buffer, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "market-data", "v0/market-data", "nested-big-endian", "extra-header", "wide-header"})
    void shouldAgreeOnMessagesWhenSchemaIsOneOfOurs(final String name)
    {
        final SbeDataFormat format = TestFormats.load(name);
        final Ir ir = SchemaOracle.decode(format);
        for (final List<Token> tokens : ir.messages())
        {
            final MessageLayout message = format.message(tokens.get(0).id());
            assertNotNull(message, tokens.get(0).name());
            assertEquals(tokens.get(0).name(), message.name());
            assertEquals(tokens.get(0).encodedLength(), message.root().blockLength());
            assertEquals(count(tokens, Signal.BEGIN_GROUP), message.root().groupCount());
            assertEquals(
                count(tokens, Signal.BEGIN_GROUP) + count(tokens, Signal.BEGIN_VAR_DATA) == 0,
                message.root().isFixedLength());
            for (int version = 0; version <= ir.version(); version++)
            {
                assertEquals(rootExtent(tokens, version), message.root().requiredLength(version), message.name());
            }
        }
    }

    private static long count(final List<Token> tokens, final Signal signal)
    {
        return tokens.stream().filter(token -> token.signal() == signal).count();
    }

    private static int rootExtent(final List<Token> tokens, final int version)
    {
        int extent = 0;
        for (int i = 1; tokens.get(i).signal() == Signal.BEGIN_FIELD; i += tokens.get(i).componentTokenCount())
        {
            final Token field = tokens.get(i);
            final Token type = tokens.get(i + 1);
            final boolean isConstant = field.isConstantEncoding() ||
                type.encoding().presence() == Encoding.Presence.CONSTANT;
            if (field.version() <= version && !isConstant)
            {
                extent = Math.max(extent, type.offset() + type.encodedLength());
            }
        }

        return extent;
    }
}
