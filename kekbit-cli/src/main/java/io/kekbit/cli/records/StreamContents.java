package io.kekbit.cli.records;

import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.Extension;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.sbe.ir.MessageDescription;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the records of a stream are: of a channel what that says, of a series what its channels say, each of which may
 * say something else. What an option names has to be in one of them. Not thread-safe.
 */
final class StreamContents
{
    private final Map<Key, ChannelContent> contents = new LinkedHashMap<>();

    /**
     * Look at a channel, or at all channels of a series that there are now. Those that cannot be opened are left out:
     * who comes to them is told.
     *
     * @param target      to look at.
     * @param isSuspectOk whether channels may be suspect.
     * @throws IOException where the folder cannot be read.
     */
    static StreamContents of(final StreamTarget target, final boolean isSuspectOk) throws IOException
    {
        final StreamContents found = new StreamContents();
        final List<Path> files = !target.isSeries() ? List.of(target.path()) :
            SeriesTree.published(target.path()).stream().map(SeriesTree.Channel::file).toList();
        for (final Path file : files)
        {
            try (StreamReader reader = StreamReader.open(StreamTarget.channel(file), isSuspectOk))
            {
                found.of(reader);
            }
            catch (final ChannelException ex)
            {
                continue;
            }
        }

        return found;
    }

    /**
     * What the channel says that a reader is in.
     *
     * @return the same object for channels that say the same.
     */
    ChannelContent of(final StreamReader reader)
    {
        return contents.computeIfAbsent(Key.of(reader), (key) -> ChannelContent.of(reader));
    }

    /**
     * The messages of all channels, in the order of these.
     */
    List<MessageDescription> messages()
    {
        return contents.values().stream()
            .filter((content) -> content.decoder() != null)
            .flatMap((content) -> content.decoder().messages().stream())
            .toList();
    }

    /**
     * The content of the first channel that has messages with a schema, else that of the first channel.
     */
    ChannelContent first()
    {
        final List<ChannelContent> all = new ArrayList<>(contents.values());

        return all.stream().filter((content) -> content.decoder() != null).findFirst().orElse(all.get(0));
    }

    /**
     * Whether all channels say the same.
     */
    boolean areSame()
    {
        return contents.size() <= 1;
    }

    /**
     * Whether readers of some channel tell what a handler put around every payload.
     *
     * @param code of the handler.
     */
    boolean tell(final int code)
    {
        return contents.keySet().stream().anyMatch((key) -> EnvelopeCodes.tell(key.envelope, code));
    }

    /**
     * What makes the contents of channels the same.
     */
    private static final class Key
    {
        private final long formatId;
        private final String mediaType;
        private final byte[] envelope;
        private final DirectBuffer schema;

        private Key(final Extension extension, final DirectBuffer schema)
        {
            formatId = extension.formatId();
            mediaType = extension.mediaType();
            envelope = extension.envelope();
            this.schema = schema;
        }

        static Key of(final StreamReader reader)
        {
            return new Key(reader.extension(), reader.schema());
        }

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Key key &&
                formatId == key.formatId &&
                mediaType.equals(key.mediaType) &&
                Arrays.equals(envelope, key.envelope) &&
                schema.equals(key.schema);
        }

        @Override
        public int hashCode()
        {
            return (Long.hashCode(formatId) * 31 + Arrays.hashCode(envelope)) * 31 + schema.hashCode();
        }
    }
}
