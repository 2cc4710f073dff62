package io.kekbit.sbe;

import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The schemas that the tests share, and channels for their messages.
 */
final class TestFormats
{
    static final SbeDataFormat MARKET_DATA = load("market-data");
    static final SbeDataFormat MARKET_DATA_V0 = load("v0/market-data");
    static final SbeDataFormat NESTED = load("nested-big-endian");
    static final SbeDataFormat EXTRA = load("extra-header");
    static final SbeDataFormat WIDE = load("wide-header");

    static final long CHANNEL_ID = 7;
    static final int SMALL_CAPACITY = 16 * 1024;
    static final int SMALL_MAX_MESSAGE = 120;
    static final int CAPACITY = 1024 * 1024;
    static final int MAX_MESSAGE = 8000;

    private TestFormats()
    {
    }

    static SbeDataFormat load(final String name)
    {
        return SbeDataFormat.fromResource(TestFormats.class, "META-INF/sbe/" + name + ".sbeir");
    }

    static ShmWriter<SbeDataFormat> create(final Path root, final SbeDataFormat format)
    {
        return create(root, format, CAPACITY, MAX_MESSAGE);
    }

    static ShmWriter<SbeDataFormat> create(
        final Path root, final SbeDataFormat format, final long capacity, final int maxMessageLength)
    {
        final Header header = Header.builder()
            .channelId(CHANNEL_ID).capacity(capacity).maxMessageLength(maxMessageLength).build();

        return ShmWriter.create(root, header, format);
    }

    /**
     * Copies of the contents of all records.
     */
    static List<UnsafeBuffer> records(final Path root)
    {
        final List<UnsafeBuffer> records = new ArrayList<>();
        try (ShmReader reader = ShmReader.open(root, CHANNEL_ID))
        {
            while (reader.next())
            {
                final byte[] content = new byte[reader.length()];
                reader.buffer().getBytes(reader.offset(), content);
                records.add(new UnsafeBuffer(content));
            }
        }

        return records;
    }
}
