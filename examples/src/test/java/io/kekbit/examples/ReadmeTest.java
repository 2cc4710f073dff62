package io.kekbit.examples;

import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertEquals(region("examples/src/main/java/io/kekbit/examples/HelloChannel.java"), javaBlocks().get(0));
    }

    @Test
    void shouldWriteWithoutPageFaultsAsReadmeShows(@TempDir final Path root) throws IOException
    {
        final PlainTextDataFormat text = PlainTextDataFormat.INSTANCE;
        final Header header = Header.builder().channelId(42).capacity(1 << 20).maxMessageLength(1024).build();

        // README begin
        try (ShmWriter<PlainTextDataFormat> writer =
            ShmWriter.builder(root, header, text).prefault(Prefault.NOW).create();
            AgentRunner agent = new AgentRunner(
                new SleepingMillisIdleStrategy(1), Throwable::printStackTrace, null, writer.prefaultAgent()))
        {
            AgentRunner.startOnThread(agent);
            writer.write(text.encodable("No fault on the way"));
        }
        // README end

        assertEquals(region("examples/src/test/java/io/kekbit/examples/ReadmeTest.java"), javaBlocks().get(1));
        try (ShmReader reader = ShmReader.open(root, 42, text))
        {
            assertTrue(reader.next());
            assertEquals(
                "No fault on the way", text.decode(reader.buffer(), reader.offset(), reader.length()));
        }
    }

    private static List<String> javaBlocks() throws IOException
    {
        return JAVA_BLOCK.matcher(Files.readString(repository().resolve("README.md"))).results()
            .map((block) -> block.group(1)).toList();
    }

    private static String region(final String file) throws IOException
    {
        final List<String> lines = Files.readAllLines(repository().resolve(file));
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
