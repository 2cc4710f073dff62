package io.kekbit.core;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whoever searches the page for a message finds it.
 */
class TroubleshootingTest
{
    private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");
    private static final Path EXCEPTIONS =
        Path.of("src", "main", "java", "io", "kekbit", "core", "exceptions");
    private static final Pattern MESSAGE = Pattern.compile("super\\(\\s*file,\\s*\"([^\"]+)\"");

    @Test
    void shouldHaveHeadingForEveryMessageOfAnException() throws IOException
    {
        final Set<String> missing = messages();
        assertTrue(missing.size() > 30, missing.toString());

        missing.removeAll(headings());

        assertEquals(Set.of(), missing);
    }

    @Test
    void shouldHaveHeadingForEveryStateThatEndsReading() throws IOException
    {
        final Set<String> missing = Arrays.stream(ReaderState.values())
            .filter((state) -> state != ReaderState.OPEN)
            .map(ReaderState::name)
            .collect(Collectors.toCollection(TreeSet::new));

        missing.removeAll(headings());

        assertEquals(Set.of(), missing);
    }

    private static List<String> headings() throws IOException
    {
        return Files.readAllLines(PAGE).stream()
            .filter((line) -> line.startsWith("### "))
            .map((line) -> line.substring("### ".length()))
            .toList();
    }

    private static Set<String> messages() throws IOException
    {
        final Set<String> messages = new TreeSet<>();
        try (Stream<Path> files = Files.list(EXCEPTIONS))
        {
            for (final Path file : files.toList())
            {
                final Matcher matcher = MESSAGE.matcher(Files.readString(file));
                while (matcher.find())
                {
                    messages.add(matcher.group(1));
                }
            }
        }

        return messages;
    }
}
