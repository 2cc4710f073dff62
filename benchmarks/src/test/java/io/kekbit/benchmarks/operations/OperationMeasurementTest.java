package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OperationMeasurementTest
{
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(OperationMeasurement.Operation.class)
    void shouldTellTimeAndAllocationWhenMeasured(final OperationMeasurement.Operation operation)
    {
        assertEquals(0, measure("--benchmark", operation.toString(), "--subject", Channels.KEKBIT));

        final Result result = Result.read(folder.resolve("result"));
        assertEquals(Set.of("nsPerOp", "nsPerOpBest", "allocatedBytesPerOp"), result.figures().keySet());
        assertTrue(result.figures().get("nsPerOpBest") > 0);
        assertFalse(Files.exists(folder.resolve("channels")));
    }

    @Test
    void shouldFailWhenSubjectIsUnknown()
    {
        assertNotEquals(0, measure("--benchmark", "write", "--subject", "floor-of-marble"));

        assertFalse(Files.exists(folder.resolve("result")));
        assertFalse(Files.exists(folder.resolve("channels")));
    }

    private int measure(final String... args)
    {
        final String[] where = {
            "--folder", folder.resolve("channels").toString(), "--result", folder.resolve("result").toString(),
            "--warm-up-ms", "20", "--iterations", "2", "--iteration-ms", "20"
        };
        final String[] all = Stream.of(where, args)
            .flatMap(Arrays::stream)
            .toArray(String[]::new);

        return new CommandLine(new OperationMeasurement())
            .setErr(new PrintWriter(new StringWriter()))
            .execute(all);
    }
}
