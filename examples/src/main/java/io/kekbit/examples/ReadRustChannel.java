package io.kekbit.examples;

import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.ScratchFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/**
 * Reads what the Rust crate wrote. There is nothing special to do: a channel's file is the same on both sides.
 */
@Command(
    name = "read-rust-channel",
    description = {
        "Prints the header and the records of a channel that the Rust crate wrote.",
        "Without --root it is one that comes with the example; with it, the one you have there."},
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:all that is there was printed",
        "1:it failed, for the reason told: there is no channel, or none that can be read",
        "2:the options are not right"})
public final class ReadRustChannel implements Callable<Integer>
{
    private static final String RESOURCE = "rust/0000_0001.kekbit";
    private static final long RESOURCE_ID = 1;
    private static final int MAX_BYTES_SHOWN = 32;

    @Mixin
    private ChannelOptions channelOptions;

    @Spec
    private CommandSpec command;

    /**
     * Prints the channel.
     *
     * @return 0.
     * @throws IOException where there is no place for the channel that comes along.
     */
    @Override
    public Integer call() throws IOException
    {
        if (channelOptions.root != null)
        {
            print(channelOptions.root, channelOptions.channel);
            return 0;
        }

        try (ScratchFolder folder = new ScratchFolder("read-rust-channel"))
        {
            final Path file = ChannelPath.file(folder.path(), RESOURCE_ID);
            Files.createDirectories(file.getParent());
            try (InputStream in = ReadRustChannel.class.getResourceAsStream(RESOURCE))
            {
                Files.copy(in, file);
            }
            print(folder.path(), RESOURCE_ID);
        }

        return 0;
    }

    private void print(final Path root, final long channelId)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            print(reader.header());
            long records = 0;
            while (reader.next())
            {
                println("record " + records++ + ": position=" + reader.recordPosition() + " length=" +
                    reader.length() + " " + hex(reader));
            }
            println(records + " records, state=" + reader.state() + " position=" + reader.position());
        }
    }

    private void print(final Header header)
    {
        println("writer id:          " + Long.toUnsignedString(header.writerId()));
        println("channel id:         " + Long.toUnsignedString(header.channelId()));
        println("capacity:           " + header.capacity());
        println("max message length: " + header.maxMessageLength());
        println("timeout:            " + Long.toUnsignedString(header.timeout()) + " " + header.tickUnit());
        println("creation time:      " + Long.toUnsignedString(header.creationTime()) + " " + header.tickUnit());
    }

    private static String hex(final ShmReader reader)
    {
        final byte[] bytes = new byte[Math.min(reader.length(), MAX_BYTES_SHOWN)];
        reader.buffer().getBytes(reader.offset(), bytes);

        return HexFormat.of().formatHex(bytes) + (bytes.length < reader.length() ? "..." : "");
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }
}
