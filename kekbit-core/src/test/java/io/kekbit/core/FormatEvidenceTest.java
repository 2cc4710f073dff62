package io.kekbit.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The format's description, the guarantees and the comparison with the Rust crate stay true: every item of a list and
 * every row of a table names a test, and each test that is named exists. In the format's description each of them is a
 * rule, which begins with an id of its own.
 */
class FormatEvidenceTest
{
    private static final Path REPOSITORY = Path.of("..");
    private static final Path DOCS = REPOSITORY.resolve("docs");
    private static final Pattern ID = Pattern.compile("\\[([A-Z]-\\d+)] .+");
    private static final Pattern ITEM = Pattern.compile(" *(?:-|\\d+\\.) +(.*)");
    private static final Pattern SEPARATOR = Pattern.compile("[|: -]+");
    private static final Pattern TEST = Pattern.compile("(?:([a-z-]+)/)?\\b([A-Z]\\w*Test)\\.(\\w+)");

    @Test
    void shouldShowEveryRuleByTestWhenFormatIsDescribed() throws IOException
    {
        final List<String> rules = statements(read("format.md"));

        assertTrue(rules.size() > 100, "rules found: " + rules.size());
        assertEquals(List.of(), problems(rules, true));
    }

    @Test
    void shouldShowEveryRuleByTestWhenNamedPositionsAreDescribed() throws IOException
    {
        final List<String> rules = statements(read("positions.md"));

        assertTrue(rules.size() > 40, "rules found: " + rules.size());
        assertEquals(List.of(), problems(rules, true));
    }

    @Test
    void shouldShowEveryPromiseByTestWhenGuaranteesAreGiven() throws IOException
    {
        final List<String> promises = statements(read("guarantees.md"));

        assertTrue(promises.size() > 50, "promises found: " + promises.size());
        assertEquals(List.of(), problems(promises, false));
    }

    @Test
    void shouldShowEveryRowByTestWhenCrateIsCompared() throws IOException
    {
        final List<String> rows = statements(read("from-rust.md"));

        assertTrue(rows.size() > 100, "rows found: " + rows.size());
        assertEquals(List.of(), problems(rows, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "- [A-1] so it is (`HeaderTest.shouldPrintIdsUnsignedWhenShown`)                ; ''",
        "| [A-1] 8 | so it is | `layout` `ChannelPathTest.shouldUseUnsignedIdWhenHighestBitIsSet` | ; ''",
        "- [A-1] of another module (`examples/ReadmeTest.shouldShowHelloChannelWhenReadmeShowsJava`); ''",
        "No rule but prose                                                              ; ''",
        "- so it is (`HeaderTest.shouldPrintIdsUnsignedWhenShown`)                      ; no id",
        "3. so it is (`HeaderTest.shouldPrintIdsUnsignedWhenShown`)                     ; no id",
        "| 8 | so it is | `HeaderTest.shouldPrintIdsUnsignedWhenShown` |                ; no id",
        "1. [A-1] so it is                                                              ; no test",
        "- [A-1] so it is (`HeaderTest.shouldPrint`)                                    ; no such test",
        "- [A-1] a helper, no test (`HeaderTest.toString`)                              ; no such test",
        "- [A-1] so it is (`MissingTest.shouldPrintIdsUnsignedWhenShown`)               ; no such test",
        "- [A-1] of another module (`examples/ReadmeTest.shouldShow`)                   ; no such test",
        "- [A-1] of no module (`nowhere/ReadmeTest.shouldShow`)                         ; no such test"})
    void shouldReportWhenRuleIsNotShown(final String line, final String expectedProblem) throws IOException
    {
        final List<String> problems = problems(statements(List.of(line)), true);

        assertEquals(expectedProblem.isEmpty() ? 0 : 1, problems.size(), problems.toString());
        assertTrue(expectedProblem.isEmpty() || problems.get(0).startsWith(expectedProblem), problems.toString());
    }

    @Test
    void shouldReportWhenIdIsUsedTwice() throws IOException
    {
        final String rule = "- [A-1] so it is (`HeaderTest.shouldPrintIdsUnsignedWhenShown`)";

        final List<String> problems = problems(statements(List.of(rule, rule)), true);

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("id used twice"), problems.toString());
    }

    @Test
    void shouldTakeItemToItsEndWhenItIsWrapped()
    {
        assertEquals(
            List.of("one goes on", "two", "a | b"),
            statements(List.of(
                "# Title", "", "prose", "- one", "  goes on", "1. two", "", "prose", "```", "- code", "```",
                "| head | row |", "| --- | --- |", "| a | b |")));
    }

    /**
     * Every item of a list and every row of a table, its head left out, in one line each.
     */
    private static List<String> statements(final List<String> lines)
    {
        final List<String> statements = new ArrayList<>();
        StringBuilder item = null;
        boolean isCode = false;
        for (int i = 0; i < lines.size(); i++)
        {
            final String line = lines.get(i);
            final Matcher itemMatcher = ITEM.matcher(line);
            final boolean goesOn = item != null && line.startsWith("  ") && !itemMatcher.matches();
            if (item != null && !goesOn)
            {
                statements.add(item.toString());
                item = null;
            }

            if (line.startsWith("```"))
            {
                isCode = !isCode;
            }
            else if (goesOn)
            {
                item.append(' ').append(line.strip());
            }
            else if (!isCode && itemMatcher.matches())
            {
                item = new StringBuilder(itemMatcher.group(1));
            }
            else if (!isCode && line.startsWith("|") && !isHead(lines, i) && !SEPARATOR.matcher(line).matches())
            {
                statements.add(line.strip().replaceAll("^\\| *| *\\|$", ""));
            }
        }
        if (item != null)
        {
            statements.add(item.toString());
        }

        return statements;
    }

    private static boolean isHead(final List<String> lines, final int number)
    {
        return number + 1 < lines.size() && lines.get(number + 1).startsWith("|") &&
            SEPARATOR.matcher(lines.get(number + 1)).matches();
    }

    private static List<String> problems(final List<String> statements, final boolean haveIds) throws IOException
    {
        final List<String> problems = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        for (final String statement : statements)
        {
            final Matcher id = ID.matcher(statement);
            if (haveIds && !id.matches())
            {
                problems.add("no id: " + statement);
            }
            else if (haveIds && !ids.add(id.group(1)))
            {
                problems.add("id used twice: " + statement);
            }

            final Matcher test = TEST.matcher(statement);
            boolean isShown = false;
            while (test.find())
            {
                isShown = true;
                if (!(test.group(1) == null ? isTestHere(test.group(2), test.group(3)) :
                    isTestIn(test.group(1), test.group(2), test.group(3))))
                {
                    problems.add("no such test: " + test.group() + " in: " + statement);
                }
            }
            if (!isShown)
            {
                problems.add("no test: " + statement);
            }
        }

        return problems;
    }

    private static boolean isTestHere(final String className, final String methodName)
    {
        return Stream.of("", "layout.", "positions.", "series.").map("io.kekbit.core."::concat).anyMatch((prefix) ->
        {
            try
            {
                return Arrays.stream(Class.forName(prefix + className).getDeclaredMethods())
                    .anyMatch((method) -> method.getName().equals(methodName) && isTest(method));
            }
            catch (final ClassNotFoundException ex)
            {
                return false;
            }
        });
    }

    private static boolean isTest(final Method method)
    {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class) ||
            method.isAnnotationPresent(FuzzTest.class);
    }

    /**
     * Tests of other modules cannot be loaded here, so their source is looked through.
     */
    private static boolean isTestIn(final String module, final String className, final String methodName)
        throws IOException
    {
        final Path sources = REPOSITORY.resolve(module).resolve("src").resolve("test").resolve("java");
        if (!Files.isDirectory(sources))
        {
            return false;
        }
        try (Stream<Path> files = Files.walk(sources))
        {
            for (final Path file : files.filter((path) -> path.endsWith(className + ".java")).toList())
            {
                if (Files.readString(file).contains("void " + methodName + "("))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static List<String> read(final String name) throws IOException
    {
        return Files.readAllLines(DOCS.resolve(name));
    }
}
