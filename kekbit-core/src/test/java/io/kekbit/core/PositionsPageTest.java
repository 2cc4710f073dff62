package io.kekbit.core;

import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.positions.NamedReader;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The Java in {@code docs/positions.md} is Java that is run, here and in {@link ExactlyOnceTest}.
 */
class PositionsPageTest
{
    private static final Path PAGE = Path.of("..", "docs", "positions.md");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "kekbit", "core");
    private static final Pattern BLOCK =
        Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern REGION =
        Pattern.compile("^ *// page begin\\n(.*?)^ *// page end$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    private Path root;
    private Path positions;
    private Path channelFile;
    private final List<Long> handled = new ArrayList<>();
    private final RecordHandler handler =
        (buffer, offset, length, position, nextPosition) -> handled.add(position);

    @BeforeEach
    void writeThree()
    {
        positions = root.resolve("positions");
        final Header header = Header.builder().channelId(42).capacity(1 << 20).maxMessageLength(64).build();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            for (int i = 0; i < 3; i++)
            {
                writer.write(TestChannels.bytes(8), 0, 8);
            }
            channelFile = writer.file();
        }
    }

    @Test
    void shouldHandleAllOnceWhenReadTwiceAsShown()
    {
        readAsShown();
        readAsShown();

        assertEquals(List.of(8L, 24L, 40L), handled);
    }

    @Test
    void shouldTellLagWhenAskedAsShown()
    {
        NamedReader.open(positions, "risk", ShmReader.open(root, 42)).close();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes))
        {
            // page begin
            for (final NamedPosition reader : NamedPositions.in(positions).positions())
            {
                final Lag lag = reader.lag(channelFile);
                out.println(reader.name() + ": " + lag.bytes() + " bytes, " + lag.records() + ", " + lag.time());
            }
            // page end
        }

        assertTrue(bytes.toString().startsWith("risk: 56 bytes, OptionalLong[3], Optional[PT"), bytes.toString());
    }

    @Test
    void shouldShowNoCodeButWhatIsRun()
    {
        final List<String> blocks = found(BLOCK, PAGE).toList();
        final List<String> regions = Stream.of("PositionsPageTest.java", "ExactlyOnceTest.java")
            .flatMap((name) -> found(REGION, TESTS.resolve(name)))
            .map((region) -> region.stripTrailing().stripIndent() + "\n")
            .toList();

        assertEquals(4, blocks.size());
        for (final String block : blocks)
        {
            assertTrue(regions.contains(block), "not run anywhere:\n" + block);
        }
    }

    private void readAsShown()
    {
        final IdleStrategy idle = YieldingIdleStrategy.INSTANCE;
        // page begin
        try (ShmReader source = ShmReader.open(root, 42);
            NamedReader reader = NamedReader.open(positions, "risk", source))
        {
            while (!reader.state().isFinal())
            {
                idle.idle(reader.read(handler, 64));
            }
        }
        // page end
    }

    private static Stream<String> found(final Pattern pattern, final Path file)
    {
        try
        {
            return pattern.matcher(Files.readString(file)).results().map((match) -> match.group(1));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
