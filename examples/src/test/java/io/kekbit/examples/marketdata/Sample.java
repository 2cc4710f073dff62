package io.kekbit.examples.marketdata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A made-up recording of Binance's streams: 2 trades, 2 best prices, 2 book updates, and 5 lines that are none.
 */
final class Sample
{
    private Sample()
    {
    }

    static String text() throws IOException
    {
        try (InputStream in = Sample.class.getResourceAsStream("binance-sample.txt"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Path write(final Path folder) throws IOException
    {
        return Files.writeString(folder.resolve("sample.txt"), text());
    }
}
