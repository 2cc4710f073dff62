package io.kekbit.examples.request;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.ShmWriter;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.SignsOfLife;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * What both sides have to agree on: where the two channels are, and what is in a record.
 *
 * <pre>
 * request: number of the request (8 bytes), first summand (8), second summand (8)
 * reply:   number of the request (8 bytes), sum (8)
 * </pre>
 * All in little endian.
 */
final class RequestChannels
{
    static final int NUMBER_OFFSET = 0;
    static final int FIRST_OFFSET = 8;
    static final int SECOND_OFFSET = 16;
    static final int REQUEST_LENGTH = 24;
    static final int SUM_OFFSET = 8;
    static final int REPLY_LENGTH = 16;

    private static final int CAPACITY = 16 * 1024 * 1024;

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "Folder of both channels.")
    Path root;

    @Option(
        names = "--requests",
        paramLabel = "ID",
        defaultValue = "1",
        converter = ChannelOptions.ChannelId.class,
        description = "Id of the channel for requests; ${DEFAULT-VALUE} unless given.")
    long requests;

    @Option(
        names = "--replies",
        paramLabel = "ID",
        defaultValue = "2",
        converter = ChannelOptions.ChannelId.class,
        description = "Id of the channel for replies; ${DEFAULT-VALUE} unless given.")
    long replies;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait for the other side's channel; ${DEFAULT-VALUE} unless given.")
    long waitSeconds;

    ShmWriter<RawBinDataFormat> create(final long channelId, final int maxMessageLength)
    {
        final Header header = Header.builder()
            .channelId(channelId)
            .capacity(CAPACITY)
            .maxMessageLength(maxMessageLength)
            .timeout(SignsOfLife.TIMEOUT_NS)
            .build();

        return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
    }

    ShmReaderBuilder reader(final long channelId)
    {
        return ShmReader.builder(root, channelId).format(RawBinDataFormat.INSTANCE);
    }
}
