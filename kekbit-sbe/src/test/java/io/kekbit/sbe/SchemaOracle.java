package io.kekbit.sbe;

import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrDecoder;

import java.nio.ByteBuffer;

/**
 * What the generator's own parser makes of a serialised schema.
 */
final class SchemaOracle
{
    private SchemaOracle()
    {
    }

    static Ir decode(final SbeDataFormat format)
    {
        final DirectBuffer schema = format.schema();
        final ByteBuffer bytes = ByteBuffer.allocateDirect(schema.capacity());
        schema.getBytes(0, bytes, schema.capacity());
        bytes.flip();
        try (IrDecoder decoder = new IrDecoder(bytes))
        {
            return decoder.decode();
        }
    }
}
