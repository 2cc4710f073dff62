package io.kekbit.sbe.ir;

import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.test.types.FlagsEncoder;
import io.kekbit.test.types.KindsEncoder;
import io.kekbit.test.types.Level;
import io.kekbit.test.types.ManyFlagsEncoder;
import io.kekbit.test.types.MessageHeaderEncoder;
import io.kekbit.test.types.NothingEncoder;
import io.kekbit.test.types.NumbersEncoder;
import io.kekbit.test.types.OuterEncoder;
import io.kekbit.test.types.Side;
import io.kekbit.test.types.TreeEncoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Messages of the schema that has every type, made by its generated codecs.
 */
final class EveryType
{
    static final SbeDataFormat FORMAT = SbeDataFormat.fromResource(EveryType.class, "META-INF/sbe/every-type.sbeir");

    private static final int MAX_LENGTH = 4096;

    private EveryType()
    {
    }

    static UnsafeBuffer numbers()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_LENGTH]);
        final NumbersEncoder numbers = new NumbersEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        integers(numbers);
        unsigned(numbers);
        numbers
            .charLeast(NumbersEncoder.charLeastMinValue())
            .charGreatest(NumbersEncoder.charGreatestMaxValue())
            .charNull(NumbersEncoder.charNullNullValue())
            .floatLeast(-Float.MAX_VALUE)
            .floatGreatest(Float.MAX_VALUE)
            .floatNull(Float.NaN)
            .doubleLeast(-Double.MAX_VALUE)
            .doubleGreatest(Double.MAX_VALUE)
            .doubleNull(Double.NaN)
            .floatInfinity(Float.NEGATIVE_INFINITY)
            .doubleInfinity(Double.POSITIVE_INFINITY)
            .doubleRequiredNan(Double.NaN)
            .requiredNull((short)255)
            .ownNull16((short)-1)
            .notNull16(Short.MIN_VALUE)
            .ownNull64(Long.MIN_VALUE)
            .notNull64(-1)
            .ownNullDouble(-1.5);

        return exactly(buffer, numbers.encodedLength());
    }

    static UnsafeBuffer kinds()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_LENGTH]);
        final KindsEncoder kinds = new KindsEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        kinds
            .putAscii(new byte[]{'a', (byte)0xE9, '"', 0, 'x', 'y'}, 0)
            .putLatin(new byte[]{(byte)0xE9, '\\', '\n', 0x1B, '\t', 'z'}, 0)
            .putNoText(new byte[]{0, 'x', 'y', 'z', 0, 0}, 0)
            .putWideText("h\u00e9\0".getBytes(StandardCharsets.UTF_16BE), 0, 6)
            .putTriple(Integer.MIN_VALUE, 0, Integer.MAX_VALUE)
            .putOptPair(-1, -2)
            .putDoubles(0.1, Double.NaN)
            .putHash((short)0, (short)127, (short)128, (short)255)
            .side(Side.BUY)
            .level(Level.HIGH)
            .noLevel(Level.NULL_VAL)
            .strangeLevel(Level.LOW)
            .letter((byte)'q');
        buffer.putShort(
            MessageHeaderEncoder.ENCODED_LENGTH + KindsEncoder.strangeLevelEncodingOffset(),
            (short)0xFFFD,
            KindsEncoder.BYTE_ORDER);
        kinds.flags().clear().first(true).last(true);
        kinds.manyFlags().clear().lowest(true).middle(true).highest(true);
        setUnknownChoice(kinds.manyFlags());
        kinds.price().mantissa(-12_345_600);
        kinds.noPrice().mantissa(Long.MIN_VALUE);
        kinds.floating().exponent((byte)3).mantissa(-2);
        kinds.endless().mantissa(1).exponent(Integer.MAX_VALUE);
        kinds.noSpan().low(Short.MIN_VALUE).high(Short.MIN_VALUE);
        final OuterEncoder outer = kinds.outer();
        outer.count((short)254).code("ab");
        outer.nested().low((short)-1).side(Side.SELL);
        final FlagsEncoder flags = outer.nested().flags();
        flags.clear().last(true);
        outer.paid().mantissa(1);

        return exactly(buffer, kinds.encodedLength());
    }

    /**
     * Two branches, of which the first has two leaves and a root.
     */
    static UnsafeBuffer tree()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_LENGTH]);
        final TreeEncoder tree = new TreeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        tree.number(-1).added(4_294_967_294L).addedSide(Side.SELL).addedText("text");
        tree.addedSpan().low((short)-1).high((short)1);
        tree.addedFlags().clear().first(true);
        final TreeEncoder.BranchesEncoder branches = tree.branchesCount(2);
        branches.next().width(10).addedHeight(20);
        branches.leavesCount(2)
            .next().colour(Level.LOW).note("\u00e9\u20ac\ud83c\udf33")
            .next().colour(Level.NULL_VAL).note("");
        branches.addedRootsCount(1).next().depth((byte)-128);
        branches.name("oak");
        branches.next().width(0).addedHeight(0);
        branches.leavesCount(0);
        branches.addedRootsCount(0);
        branches.name("");
        tree.marksCount(2).next().next();
        tree.addedMarksCount(1).next().mark((short)9);
        tree.putComment(new byte[]{'a', (byte)0xFF, 0, 'b', '"'}, 0, 5);
        tree.putBlob(new byte[]{0, 1, -1}, 0, 3);
        tree.addedNote("new");

        return exactly(buffer, tree.encodedLength());
    }

    static UnsafeBuffer nothing()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_LENGTH]);
        final NothingEncoder nothing = new NothingEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());

        return exactly(buffer, nothing.encodedLength());
    }

    private static void setUnknownChoice(final ManyFlagsEncoder flags)
    {
        final int index = flags.offset();
        final long bits = flags.buffer().getLong(index, KindsEncoder.BYTE_ORDER);
        flags.buffer().putLong(index, bits | 1L << 5, KindsEncoder.BYTE_ORDER);
    }

    private static void integers(final NumbersEncoder numbers)
    {
        numbers
            .int8Least(NumbersEncoder.int8LeastMinValue())
            .int8Greatest(NumbersEncoder.int8GreatestMaxValue())
            .int8Null(NumbersEncoder.int8NullNullValue())
            .int16Least(NumbersEncoder.int16LeastMinValue())
            .int16Greatest(NumbersEncoder.int16GreatestMaxValue())
            .int16Null(NumbersEncoder.int16NullNullValue())
            .int32Least(NumbersEncoder.int32LeastMinValue())
            .int32Greatest(NumbersEncoder.int32GreatestMaxValue())
            .int32Null(NumbersEncoder.int32NullNullValue())
            .int64Least(NumbersEncoder.int64LeastMinValue())
            .int64Greatest(NumbersEncoder.int64GreatestMaxValue())
            .int64Null(NumbersEncoder.int64NullNullValue());
    }

    private static void unsigned(final NumbersEncoder numbers)
    {
        numbers
            .uint8Least(NumbersEncoder.uint8LeastMinValue())
            .uint8Greatest(NumbersEncoder.uint8GreatestMaxValue())
            .uint8Null(NumbersEncoder.uint8NullNullValue())
            .uint16Least(NumbersEncoder.uint16LeastMinValue())
            .uint16Greatest(NumbersEncoder.uint16GreatestMaxValue())
            .uint16Null(NumbersEncoder.uint16NullNullValue())
            .uint32Least(NumbersEncoder.uint32LeastMinValue())
            .uint32Greatest(NumbersEncoder.uint32GreatestMaxValue())
            .uint32Null(NumbersEncoder.uint32NullNullValue())
            .uint64Least(NumbersEncoder.uint64LeastMinValue())
            .uint64Greatest(NumbersEncoder.uint64GreatestMaxValue())
            .uint64Null(NumbersEncoder.uint64NullNullValue());
    }

    /**
     * A copy that ends where the message does, so that whoever reads further is found out.
     */
    private static UnsafeBuffer exactly(final UnsafeBuffer buffer, final int encodedLength)
    {
        final byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + encodedLength];
        buffer.getBytes(0, bytes);

        return new UnsafeBuffer(bytes);
    }
}
