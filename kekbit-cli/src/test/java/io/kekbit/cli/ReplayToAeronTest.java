package io.kekbit.cli;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit replay --aeron}.
 */
class ReplayToAeronTest
{
    private static final String UDP = "aeron:udp?endpoint=localhost:" + FreePort.next();

    @TempDir
    private Path folder;
    private LocalDriver driver;
    private final List<Long> tradeIds = new ArrayList<>();
    private final TradeDecoder trade = new TradeDecoder();
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final FragmentAssembler receiving = new FragmentAssembler((buffer, offset, length, header) ->
        tradeIds.add(trade.wrapAndApplyHeader(buffer, offset, messageHeader).tradeId()));

    @BeforeEach
    void launch()
    {
        driver = new LocalDriver(folder);
    }

    @AfterEach
    void shutDown()
    {
        driver.close();
    }

    @Test
    void shouldPublishPartOfSeriesAtFullSpeedWhenThereIsPlainSubscriber() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(1_000))
        {
            final InProcess replay = replay(
                "aeron:ipc", series.folder().toString(), "--from=#100", "--to=#900", "--speed=max", driver.option());

            assertEquals(ExitCodes.OK, replay.status(), replay.err());
            assertTrue(replay.out().startsWith("published 800 records of 75.0 KiB in "), replay.out());
            assertEquals(LongStream.range(100, 900).boxed().toList(), tradeIds);
        }
    }

    @Test
    void shouldDeliverAllWhenDriverEndsWithCommand() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(1_000))
        {
            final InProcess replay = replay(
                UDP, series.folder().toString(), "--to=2024-01-02T10:10:00", "--speed=max", "--embedded-driver");

            assertEquals(ExitCodes.OK, replay.status(), replay.err());
            assertTrue(replay.err().startsWith("kekbit: a media driver runs within this command"), replay.err());
            assertEquals(LongStream.range(0, 600).boxed().toList(), tradeIds);
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenAeronRefusesChannel() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(1))
        {
            final InProcess replay = InProcess.run(
                "replay",
                series.folder().toString(),
                "--aeron=aeron:ipc?term-length=4k",
                "--stream=1",
                driver.option());

            assertEquals(ExitCodes.FAILED, replay.status());
            assertTrue(replay.err().contains("stream 1: "), replay.err());
        }
    }

    private InProcess replay(final String uri, final String... args)
    {
        final List<String> line =
            new ArrayList<>(List.of("replay", "--aeron=" + uri, "--stream=" + LocalDriver.STREAM));
        line.addAll(List.of(args));
        final CountDownLatch begun = new CountDownLatch(1);
        try (Subscription subscription = driver.aeron()
            .addSubscription(uri, LocalDriver.STREAM, image -> begun.countDown(), image -> {}))
        {
            final CompletableFuture<InProcess> replay =
                CompletableFuture.supplyAsync(() -> InProcess.run(line.toArray(String[]::new)));
            LocalDriver.await("the end of the replay", () -> subscription.poll(receiving, 10) == 0 && replay.isDone());
            // The command may have ended before this client has heard of its stream.
            LocalDriver.await("the end of the stream", () -> subscription.poll(receiving, 10) == 0 &&
                begun.getCount() == 0 && subscription.hasNoImages());

            return replay.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }
}
