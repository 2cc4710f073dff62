package io.kekbit.examples.replicate;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The example as users run it: real processes.
 */
class ReplicateTest
{
    private static final Pattern DIGEST = Pattern.compile(
        "^(source    |target 1  |target 2  ) \\| digest=([0-9a-f]{64})$", Pattern.MULTILINE);
    private static final Pattern COPY = Pattern.compile("target 1   \\| copies to (.*)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void shouldHoldSameOnAllHostsAndLeaveNoFolderWhenTargetIsKilled() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "replicate", "--rate=50000"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());

            final String out = example.out();
            final List<String> digests = DIGEST.matcher(out).results().map(result -> result.group(2)).toList();
            assertEquals(3, digests.size(), out);
            assertEquals(digests.get(0), digests.get(1), out);
            assertEquals(digests.get(0), digests.get(2), out);
            // What the publisher computed from the texts of its input.
            assertTrue(out.contains("publisher  | digest=" + digests.get(0)), out);
            assertTrue(out.contains("target 2 killed, its copy ends at position "), out);
            assertTrue(out.contains("target 2   | goes on with its copy at position "), out);
            assertTrue(out.endsWith("both copies hold all messages with the same values\n"), out);
            assertEquals("", example.err());
            assertFalse(Files.exists(rootOf(out)), out);
        }
    }

    @Test
    void shouldKeepCopiesWhenRootIsGiven() throws Exception
    {
        final Path root = folder.resolve("kept hosts");
        try (TestProcess example = new TestProcess(folder, "replicate", "--rate=max", "--root=" + root))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
        }

        for (final String host : List.of("source", "target 1", "target 2"))
        {
            assertTrue(Files.exists(ChannelPath.file(root.resolve(host), 1)), host);
            assertFalse(Files.exists(root.resolve(host + " driver")), host);
        }
    }

    @Test
    void shouldEndAllAndLeaveNoFolderWhenInterrupted() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "replicate", "--rate=1000"))
        {
            example.awaitOutput("publisher  | published ");
            final List<ProcessHandle> children = example.children();
            assertEquals(4, children.size());

            example.interrupt();

            example.awaitExit();
            assertTrue(example.err().contains("examples/run replicate: interrupted"), example.err());
            assertFalse(example.err().contains("Exception"), example.err());
            assertEquals(0, children.stream().filter(ProcessHandle::isAlive).count());
            assertFalse(Files.exists(rootOf(example.out())), example.out());
        }
    }

    @Test
    void shouldEndAllWithStatusWhenOneFails() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "replicate", "--rate=1000"))
        {
            example.awaitOutput("publisher  | published ");
            final List<ProcessHandle> children = example.children();
            example.awaitChild("market-data-publisher").destroyForcibly();

            assertEquals(128 + 9, example.awaitExit(), example.err());
            assertTrue(example.err().contains("publisher failed: status=137"), example.err());
            assertEquals(0, children.stream().filter(ProcessHandle::isAlive).count());
        }
    }

    @Test
    void shouldEndTargetWithStatusWhenThereIsNoSource() throws Exception
    {
        try (TestProcess target = new TestProcess(
            folder,
            "replicate-target",
            "--root=" + folder.resolve("copy"),
            "--aeron-dir=" + folder.resolve("driver"),
            "--source=localhost:19999",
            "--wait=1"))
        {
            assertEquals(3, target.awaitExit(), target.err());
            assertEquals("examples/run replicate-target: no source host at localhost:19999\n", target.err());
        }
    }

    private static Path rootOf(final String output)
    {
        final Matcher matcher = COPY.matcher(output);
        assertTrue(matcher.find(), output);

        return Path.of(matcher.group(1)).getParent().getParent().getParent();
    }
}
