package io.kekbit.sbe.ir;

import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A channel with every type of value, and the JSON of it, which was checked by hand. Both are kept in the repository,
 * for tests of programs that have no generated classes to make such a channel with. With {@code -Dfixture.rewrite=true}
 * they are written anew.
 */
class EveryTypeTest
{
    private static final Path FOLDER = Path.of("src", "test", "resources", "io", "kekbit", "sbe", "ir");
    private static final Path CHANNEL = FOLDER.resolve("every-type.kekbit");
    private static final Path LINES = FOLDER.resolve("every-type.jsonl");
    private static final long CHANNEL_ID = 1;

    @TempDir
    private Path root;

    @Test
    void shouldPrintJsonThatWasCheckedWhenChannelIsNew() throws IOException
    {
        final Path file = createChannel();
        final List<String> lines = lines(root);
        if (Boolean.getBoolean("fixture.rewrite"))
        {
            Files.createDirectories(FOLDER);
            Files.copy(file, CHANNEL, StandardCopyOption.REPLACE_EXISTING);
            Files.write(LINES, lines);
        }

        assertEquals(Files.readAllLines(LINES), lines);
    }

    @Test
    void shouldPrintTheSameWhenChannelIsTheOneKept() throws IOException
    {
        final Path file = root.resolve(Path.of("0000_0000", "0000_0001.kekbit"));
        Files.createDirectories(file.getParent());
        Files.copy(CHANNEL, file);

        assertEquals(Files.readAllLines(LINES), lines(root));
    }

    private Path createChannel()
    {
        final Header header = Header.builder()
            .channelId(CHANNEL_ID).writerId(2).creationTime(3).capacity(64 * 1024).maxMessageLength(400).build();
        try (ShmWriter<SbeDataFormat> writer = ShmWriter.create(root, header, EveryType.FORMAT))
        {
            for (final DirectBuffer message : messages())
            {
                writer.write(message, 0, message.capacity());
            }

            return writer.file();
        }
    }

    private static List<DirectBuffer> messages()
    {
        final UnsafeBuffer unknown = EveryType.nothing();
        unknown.putByte(2, (byte)200);

        return List.of(
            EveryType.numbers(), EveryType.kinds(), EveryType.tree(), EveryType.nothing(), unknown,
            new UnsafeBuffer(new byte[]{1, 2}));
    }

    /**
     * Read by the schema that the channel carries, not by the one that the test knows.
     */
    private static List<String> lines(final Path root)
    {
        final List<String> lines = new ArrayList<>();
        try (ShmReader reader = ShmReader.open(root, CHANNEL_ID))
        {
            final JsonMessagePrinter printer = new JsonMessagePrinter(
                SchemaDecoder.fromIr(reader.schema()));
            while (reader.next())
            {
                final StringBuilder line = new StringBuilder();
                printer.print(reader.buffer(), reader.offset(), reader.length(), line);
                lines.add(line.toString());
            }
        }

        return lines;
    }
}
