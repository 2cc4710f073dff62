package io.kekbit.core;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What may import what: the core needs Agrona alone, the layout knows nothing of the channel that uses it, and errors
 * know nothing at all.
 */
class PackageFlowTest
{
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "kekbit", "core");

    @Test
    void shouldNeedOnlyTheJdkAndAgronaWhenLookedAtAsAWhole() throws IOException
    {
        assertEquals(List.of(), importsOtherThan(SOURCES, "java.", "org.agrona.", "io.kekbit.core."));
    }

    @Test
    void shouldKeepLayoutFreeOfTheChannel() throws IOException
    {
        assertEquals(List.of(), importsOtherThan(SOURCES.resolve("layout"), "java.", "org.agrona."));
    }

    @Test
    void shouldKeepExceptionsFreeOfEverything() throws IOException
    {
        assertEquals(List.of(), importsOtherThan(SOURCES.resolve("exceptions"), "java."));
    }

    private static List<String> importsOtherThan(final Path folder, final String... allowed) throws IOException
    {
        try (Stream<Path> files = Files.walk(folder))
        {
            return files
                .filter((file) -> file.toString().endsWith(".java"))
                .flatMap(PackageFlowTest::lines)
                .filter((line) -> line.startsWith("import "))
                .map((line) -> line.replace("import static ", "").replace("import ", ""))
                .filter((name) -> Stream.of(allowed).noneMatch(name::startsWith))
                .sorted()
                .toList();
        }
    }

    private static Stream<String> lines(final Path file)
    {
        try
        {
            return Files.readAllLines(file).stream();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
