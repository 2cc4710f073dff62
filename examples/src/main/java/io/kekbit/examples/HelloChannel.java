package io.kekbit.examples;

import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import org.agrona.IoUtil;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * The least that a channel takes: one text is written and read back. This is the quick start in the README.
 */
@Command(
    name = "hello-channel",
    description = "Writes one text to a channel and reads it back.")
public final class HelloChannel implements Callable<Integer>
{
    /**
     * Writes the text, and reads it back.
     *
     * @return 0.
     * @throws IOException where there is no place for a temporary folder.
     */
    @Override
    public Integer call() throws IOException
    {
        // The lines between the two marks are the README's.
        // README begin
        final PlainTextDataFormat text = PlainTextDataFormat.INSTANCE;
        final Path root = Files.createTempDirectory("kekbit");
        final Header header = Header.builder().channelId(42).capacity(1 << 20).maxMessageLength(1024).build();

        try (ShmWriter<PlainTextDataFormat> writer = ShmWriter.create(root, header, text);
            ShmReader reader = ShmReader.open(root, 42, text))
        {
            writer.write(text.encodable("Hello, channel!"));
            while (reader.next())
            {
                System.out.println(text.decode(reader.buffer(), reader.offset(), reader.length()));
            }
        }
        // README end
        IoUtil.delete(root.toFile(), true);

        return 0;
    }
}
