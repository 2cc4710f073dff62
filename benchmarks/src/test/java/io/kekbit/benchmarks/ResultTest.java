package io.kekbit.benchmarks;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ResultTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldBeTheSameWhenHandedOnInFiles()
    {
        final Histogram histogram = Result.histogram();
        histogram.recordValueWithCount(350, 99);
        histogram.recordValue(7_000);
        final Path file = folder.resolve("a.result");

        new Result().figure("nsPerRecord", 7.25).histogram("latency", histogram).write(file);
        final Result result = Result.read(file);

        assertEquals(Map.of("nsPerRecord", 7.25), result.figures());
        assertEquals(Map.of("latency", histogram), result.histograms());
    }
}
