package io.kekbit.examples;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The Java in the README is the Java that is compiled and run here.
 */
class ReadmeTest
{
    private static final Pattern JAVA_BLOCK =
        Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void shouldShowHelloChannelWhenReadmeShowsJava() throws IOException
    {
        final Matcher block = JAVA_BLOCK.matcher(Files.readString(repository().resolve("README.md")));

        assertTrue(block.find(), "README.md has no ```java block");
        assertEquals(helloChannel(), block.group(1));
    }

    private static String helloChannel() throws IOException
    {
        final List<String> lines = Files.readAllLines(
            repository().resolve("examples/src/main/java/io/kekbit/examples/HelloChannel.java"));
        final List<String> region = lines.subList(
            lines.indexOf("        // README begin") + 1, lines.indexOf("        // README end"));

        return String.join("\n", region).stripIndent() + "\n";
    }

    /**
     * Tests may be run from the repository's root or from the module.
     */
    private static Path repository()
    {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("examples/run")))
        {
            folder = folder.getParent();
        }

        return folder;
    }
}
