package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.examples.support.ScratchFolder;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeWriter;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.io.IOException;

/**
 * Publishes and reads made-up messages in a channel of this process's own, so that the JVM has compiled both ways
 * before it counts. Without this the first tenth of a second, in which the code is interpreted, would be all that the
 * latencies tell of.
 */
final class WarmUp
{
    private static final int MESSAGES_OF_EACH_KIND = 100;
    private static final int REPEATS = 300;
    private static final int LEVELS = 4;
    private static final int READ_LIMIT = 256;

    private WarmUp()
    {
    }

    /**
     * Warm up. Takes about a second of a processor.
     *
     * @return what was received, for a test to look at.
     */
    static MessageCounts run() throws IOException
    {
        final Recording recording = recording();
        final Header header = Header.builder()
            .channelId(1)
            .capacity(recording.size().capacity(REPEATS))
            .maxMessageLength(recording.size().maxMessageLength())
            .build();
        final MessageHandlers handlers = new MessageHandlers(SystemEpochNanoClock.INSTANCE);

        try (ScratchFolder folder = new ScratchFolder("market-data");
            ShmWriter<SbeDataFormat> writer = ShmWriter.create(folder.path(), header, MarketDataFormat.INSTANCE);
            ShmReader reader = ShmReader.open(folder.path(), header.channelId(), MarketDataFormat.INSTANCE))
        {
            final Recording.Cursor cursor = recording.cursor();
            final MessagePublisher publisher =
                new MessagePublisher(new SbeWriter(writer), cursor, SystemEpochNanoClock.INSTANCE);
            final SbeDispatcher<MessageHandlers> dispatcher = handlers.dispatcher(MarketDataFormat.INSTANCE);
            publisher.publishDefinition(recording.instruments().get(0));
            for (int i = 0; i < REPEATS; i++)
            {
                while (cursor.next())
                {
                    publisher.publish();
                    // One at a time, as they come when they are paced.
                    reader.read(dispatcher, READ_LIMIT);
                }
            }
        }

        return handlers.counts();
    }

    private static Recording recording()
    {
        final Recording recording = new Recording("WARMUP");
        final InputMessage message = new InputMessage();
        try
        {
            for (int i = 0; i < MESSAGES_OF_EACH_KIND; i++)
            {
                message.reset(MessageKind.TRADE, "WARMUP");
                message.transactTime(i);
                message.aggressorSide(1 + (i & 1));
                addPairs(message, 1, i);
                recording.append(message);

                message.reset(MessageKind.BEST_BID_OFFER, "WARMUP");
                message.ids(i, i);
                addPairs(message, 2, i);
                recording.append(message);

                message.reset(MessageKind.BOOK_UPDATE, "WARMUP");
                message.ids(i, i + 1);
                message.receiveTime(i);
                message.bidLevels(i % LEVELS);
                addPairs(message, LEVELS, i);
                recording.append(message);
            }
        }
        catch (final InvalidInputException ex)
        {
            throw new IllegalStateException("made up wrongly", ex);
        }

        return recording;
    }

    private static void addPairs(final InputMessage message, final int pairs, final int seed)
    {
        for (int i = 0; i < pairs; i++)
        {
            message.decimals().add("61837." + (seed * 10 + i));
            message.decimals().add("0." + seed);
        }
    }
}
