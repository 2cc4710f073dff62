package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.Header;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The runnable jar, which has no generated class of the schema in it, on 100,000 real trades, the ones that the example
 * of market data publishes.
 */
class CatIT
{
    private static final String INPUT = "/bitstamp_trades_from_20131125_usd.csv";
    private static final int TRADES = 100_000;
    private static final Pattern LINE = Pattern.compile(
        "\\{\"position\":\\d+,\"message\":\"Trade\",\"fields\":\\{\"sendingTime\":\\d+," +
        "\"transactTime\":(\\d+)000000000,\"instrumentId\":1,\"aggressorSide\":null,\"conditions\":\\[]," +
        "\"tradeId\":null,\"price\":([0-9.]+),\"quantity\":([0-9.]+),\"receiveTime\":null," +
        "\"buyOrderId\":null,\"sellOrderId\":null}}");

    @TempDir
    private Path folder;

    @Test
    void shouldPrintValuesOfInputWhenChannelHoldsIt() throws Exception
    {
        try (JarFile jar = new JarFile(System.getProperty("kekbit.jar")))
        {
            assertTrue(jar.stream().noneMatch((entry) -> entry.getName().startsWith("io/kekbit/marketdata/")));
        }
        final List<String> input = input();
        write(input);

        try (CommandProcess cat =
            CommandProcess.run(folder, "cat", ChannelPath.file(folder, 1).toString()))
        {
            assertEquals("", cat.err());
            assertEquals(ExitCodes.OK, cat.status());
            final List<String> lines = cat.out().lines().toList();
            assertEquals(TRADES, lines.size());
            for (int i = 0; i < TRADES; i++)
            {
                final String[] values = input.get(i).split(",");
                final Matcher line = LINE.matcher(lines.get(i));
                assertTrue(line.matches(), lines.get(i));
                assertEquals(values[0], line.group(1));
                assertEquals(0, new BigDecimal(values[1]).compareTo(new BigDecimal(line.group(2))), lines.get(i));
                assertEquals(0, new BigDecimal(values[2]).compareTo(new BigDecimal(line.group(3))), lines.get(i));
            }
        }
    }

    private static List<String> input() throws IOException
    {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            CatIT.class.getResourceAsStream(INPUT), StandardCharsets.UTF_8)))
        {
            return reader.lines().skip(1).toList();
        }
    }

    private void write(final List<String> input)
    {
        final Header header = Header.builder().channelId(1).capacity(16 << 20).maxMessageLength(512).build();
        try (ShmWriter<SbeDataFormat> writer = ShmWriter.create(folder, header, TradeChannel.FORMAT))
        {
            final SbeWriter sbe = new SbeWriter(writer);
            final TradeEncoder encoder = new TradeEncoder();
            for (final String line : input)
            {
                sbe.write(encoder, line.split(","), CatIT::fill);
            }
        }
    }

    private static void fill(final TradeEncoder encoder, final String[] values)
    {
        final BigDecimal price = new BigDecimal(values[1]);
        final BigDecimal quantity = new BigDecimal(values[2]);
        encoder
            .sendingTime(System.currentTimeMillis() * 1_000_000)
            .transactTime(Long.parseLong(values[0]) * 1_000_000_000)
            .instrumentId(1)
            .aggressorSide(Side.NULL_VAL)
            .tradeId(TradeEncoder.tradeIdNullValue())
            .receiveTime(TradeEncoder.receiveTimeNullValue())
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        encoder.conditions().clear();
        encoder.price().mantissa(price.unscaledValue().longValueExact()).exponent((byte)-price.scale());
        encoder.quantity().mantissa(quantity.unscaledValue().longValueExact()).exponent((byte)-quantity.scale());
    }
}
