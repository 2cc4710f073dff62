package io.kekbit.core.replay;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Several streams replayed as one.
 */
class MergedReplayTest
{
    private static final long T = 1_700_000_000_000_000_000L;

    @TempDir
    private Path root;
    private final ReplayClock clock = new ReplayClock();
    private final List<String> replayed = new ArrayList<>();
    private final MergedRecordHandler collecting = (source, buffer, offset, length, position, nextPosition) ->
        replayed.add(source + ":" + Streams.number(buffer, offset) + "@" + (clock.nanoTime() - T));
    private long nowNs;

    @Test
    void shouldReplayInOrderOfTimeWhenStreamsAreMerged()
    {
        final Streams streams = new Streams(root);
        try (MergedReader merged = MergedReader.byTime(streams.stamped(1, T, T + 20), streams.stamped(2, T + 10)))
        {
            final Replayer replayer = Replayer.builder(merged).clock(clock).nanoClock(() -> nowNs).into(collecting);
            assertEquals(1, replayer.doWork());
            nowNs += 10;
            assertEquals(1, replayer.doWork());
            nowNs += 10;
            assertEquals(1, replayer.doWork());
            assertEquals(0, replayer.doWork());

            assertEquals(List.of("0:0@0", "1:0@10", "0:1@20"), replayed);
            assertEquals(ReplayState.REACHED_END, replayer.state());
        }
    }

    @Test
    void shouldReplayFromTimeToTimeAndLeaveRestWhenStreamsAreMerged()
    {
        final Streams streams = new Streams(root);
        try (MergedReader merged = MergedReader.builder()
            .add(streams.stamped(1, T, T + 20, T + 40))
            .add(streams.withField(2, T + 10, T + 30), Streams.FIELD, TickUnit.NANOS)
            .build())
        {
            Replayer.builder(merged).fullSpeed().clock(clock).from(T + 15).to(T + 40).into(collecting).run();
            assertEquals(List.of("0:1@20", "1:1@30"), replayed);

            assertTrue(merged.next());
            assertEquals(0, merged.source());
            assertEquals(T + 40, merged.time());
        }
    }

    @Test
    void shouldReplayInTurnWhenAtFullSpeedAndRoundRobin()
    {
        final Streams streams = new Streams(root);
        final MergedReaderBuilder builder = MergedReader.builder().roundRobin();
        try (MergedReader merged = builder.add(streams.stamped(1, T, T)).add(streams.stamped(2, T)).build())
        {
            Replayer.builder(merged).fullSpeed().into(collecting).run();

            assertEquals(List.of("0:0", "1:0", "0:1"), replayed.stream().map((text) -> text.split("@")[0]).toList());
        }
    }

    @Test
    void shouldRefuseAndGiveRecordBackWhenRoundRobinHasPace()
    {
        final Streams streams = new Streams(root);
        try (MergedReader merged = MergedReader.builder().roundRobin().add(streams.stamped(1, T)).build())
        {
            final Replayer replayer = Replayer.builder(merged).into(collecting);

            assertThrows(IllegalStateException.class, replayer::doWork);
            assertEquals(0, replayer.doWork());
            assertTrue(merged.next());
            assertEquals(0, Streams.number(merged.buffer(), merged.offset()));
        }
    }

    @Test
    void shouldReplayWhatIsHeldBackBeforeItEndsWhenOneStreamIsLive()
    {
        final Streams streams = new Streams(root);
        final long[] epochNs = {T};
        try (Writer<RawBinDataFormat> writer = streams.stamping(1);
            MergedReader merged = MergedReader.builder().slack(100).clock(() -> epochNs[0])
                .add(streams.open(1)).add(streams.stamped(2, T)).build())
        {
            assertTrue(writer.available() > 0);
            final Replayer replayer = Replayer.builder(merged).fullSpeed().clock(clock).into(collecting);
            assertEquals(0, replayer.doWork());
            assertEquals(ReplayState.RUNNING, replayer.state());
            epochNs[0] += 100;
            assertEquals(1, replayer.doWork());
            assertEquals(0, replayer.doWork());
            assertEquals(ReplayState.REACHED_END, replayer.state());
        }
    }

    @Test
    void shouldRefuseToChooseWhereTimesAreWhenStreamsAreMerged()
    {
        try (MergedReader merged = MergedReader.byTime(new Streams(root).stamped(1, T)))
        {
            final ReplayerBuilder builder = Replayer.builder(merged);

            assertThrows(IllegalStateException.class, builder::byEnvelope);
            assertThrows(IllegalStateException.class, builder::byIndex);
            assertThrows(IllegalStateException.class, () -> builder.byField(Streams.FIELD, TickUnit.NANOS));
        }
    }
}
