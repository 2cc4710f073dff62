package io.kekbit.aeron.replication;

import io.aeron.driver.MediaDriver;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series gets to another host channel after channel, and its readers there go on from one to the next.
 */
class SeriesReplicationTest
{
    private static final String NAME = "trades";
    private static final int CAPACITY = 64 * 1024;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();
    private final Events targetEvents = new Events();
    private long written;
    private long read;

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldCopyChannelAfterChannelWhileSeriesIsWritten()
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target();
        final SeriesReader reader;
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 10);
            Hosts.runUntil(() -> target.recordCount() == 10, source, target);
            reader = hosts.closing(SeriesReader.open(to, NAME));
            for (int i = 0; i < 30; i++)
            {
                write(writer, 200);
                Hosts.runUntil(() -> readAll(reader) == written, source, target);
            }
            assertTrue(target.ordinal() > 5, "ordinal=" + target.ordinal());
        }
        Hosts.runUntil(() -> readAll(reader) == written && reader.state() == ReaderState.CLOSED, source, target);

        assertSameSeries();
        assertEquals(0, targetEvents.discontinuities());
        assertThrows(WriterActiveException.class, () -> SeriesWriter.open(to, NAME, RawBinDataFormat.INSTANCE));
        assertEquals(LongStream.rangeClosed(0, target.ordinal()).boxed().toList(), targetEvents.completed());
    }

    @Test
    void shouldGoOnInAnyChannelWhenTargetIsStartedAgain()
    {
        final ReplicationSource source = source();
        final MediaDriver driver = hosts.driver();
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 4_000);
        }
        final int all = channels(from).size();
        int starts = 0;
        while (targetEvents.completed().size() < all)
        {
            final int before = targetEvents.copying();
            try (ReplicationTarget target = hosts.target(to, driver).series(NAME).listener(targetEvents).build())
            {
                Hosts.runUntil(
                    () -> targetEvents.completed().size() == all || targetEvents.copying() > before, source, target);
                // Now where it was just begun, or gone on with, and now further on: then each start gets somewhere.
                final long ordinal = target.ordinal();
                final long enough = target.position() + starts % 3 * 10_000L;
                Hosts.runUntil(
                    () -> targetEvents.completed().size() == all || target.ordinal() > ordinal ||
                        target.position() >= enough,
                    source,
                    target);
            }
            starts++;
        }

        assertTrue(starts > 2, "starts=" + starts);
        assertSameSeries();
        assertEquals(0, targetEvents.discontinuities());
    }

    @Test
    void shouldGoOnWhenSeriesIsOpenedAgain()
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target();
        for (int i = 0; i < 3; i++)
        {
            try (SeriesWriter<RawBinDataFormat> writer = writer())
            {
                write(writer, 100);
            }
            final int all = channels(from).size();
            Hosts.runUntil(() -> targetEvents.completed().size() == all, source, target);
        }

        assertSameSeries();
        assertFalse(target.isComplete());
    }

    @Test
    void shouldBeginWithFirstChannelThatSourceHasWhenCopyIsNew()
    {
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 4_000);
        }
        prune(3);
        final ReplicationSource source = source();
        final ReplicationTarget target = target();
        Hosts.runUntil(() -> targetEvents.completed().size() == 3, source, target);

        assertEquals(channels(from), channels(to));
        assertSameSeries();
    }

    @Test
    void shouldStopWhenChannelsAreDeletedThatCopyNeeds()
    {
        final ReplicationSource source = source();
        copyFirstChannels(source);
        prune(2);
        final ReplicationTarget target = target();
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

        assertEquals(RefusalReason.POSITION_DELETED, thrown.reason());
        assertTrue(
            thrown.getMessage().contains("firstOrdinal=" + (channels(from).get(0) - 1)), thrown.getMessage());
    }

    @Test
    void shouldGoOnBehindDeletedChannelsWhenToldTo()
    {
        final ReplicationSource source = source();
        copyFirstChannels(source);
        prune(2);
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .series(NAME).skipDeleted(true).listener(targetEvents).build());
        Hosts.runUntil(() -> targetEvents.completed().size() == 3, source, target);

        assertEquals(RefusalReason.POSITION_DELETED, targetEvents.refusals().get(0));
        assertEquals(3, channels(to).size());
        for (final long id : channels(from))
        {
            Areas.assertSame(file(from, id), file(to, id));
        }
    }

    @Test
    void shouldGoOnWhenOnlyWhatCopyHasIsDeleted()
    {
        final ReplicationSource source = source();
        copyFirstChannels(source);
        prune(4);
        final ReplicationTarget target = target();
        Hosts.runUntil(() -> targetEvents.completed().size() == 5, source, target);

        assertEquals(List.of(RefusalReason.POSITION_DELETED), targetEvents.refusals());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), targetEvents.completed());
        for (final long id : channels(from))
        {
            Areas.assertSame(file(from, id), file(to, id));
        }
    }

    @Test
    void shouldStopAtBorderWhenSourceLostPowerAndGoesOnInChannelThatItHadClosed() throws IOException
    {
        final ReplicationSource source = source();
        final SeriesWriter<RawBinDataFormat> first = writer();
        write(first, 100);
        final byte[] before = Files.readAllBytes(file(from, 1));
        first.close();
        try (ReplicationTarget target = hosts.target(to, hosts.driver()).series(NAME).listener(targetEvents).build())
        {
            Hosts.runUntil(() -> targetEvents.completed().size() == 1, source, target);
        }
        // All that the device had not taken is the end.
        Files.delete(file(from, 1));
        Files.write(file(from, 1), before);
        final ReplicationTarget target = target();
        try (SeriesWriter<RawBinDataFormat> again = writer())
        {
            write(again, 10);
            final ReplicationException thrown =
                assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

            assertEquals(RefusalReason.DIVERGED, thrown.reason(), thrown.getMessage());
        }
    }

    @Test
    void shouldStopAtBorderWhenSourceLostPowerAndWroteOtherRecords() throws IOException
    {
        final ReplicationSource source = source();
        final byte[] before;
        final SeriesWriter<RawBinDataFormat> first = writer();
        write(first, 50);
        before = Files.readAllBytes(file(from, 1));
        write(first, 50);
        first.close();
        try (ReplicationTarget target = hosts.target(to, hosts.driver()).series(NAME).listener(targetEvents).build())
        {
            Hosts.runUntil(() -> targetEvents.completed().size() == 1, source, target);
        }
        // What the device had not taken is gone, and the series goes on from there with other records.
        Files.delete(file(from, 1));
        Files.write(file(from, 1), before);
        written = 1_000;
        try (SeriesWriter<RawBinDataFormat> again = writer())
        {
            write(again, 2_000);
        }
        assertTrue(channels(from).size() > 1);
        final ReplicationTarget target = target();
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

        assertTrue(
            thrown.reason() == RefusalReason.DIVERGED || thrown.reason() == RefusalReason.NO_BOUNDARY,
            thrown.getMessage());
        assertEquals(1, channels(to).size());
    }

    @Test
    void shouldGoOnWhenWriterClosesChannelThatIsSuspectAndFollowed() throws IOException
    {
        final byte[] before;
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 50);
            writer.flush();
            write(writer, 50);
            before = Files.readAllBytes(file(from, 1));
            write(writer, 1_100);
        }
        assertEquals(2, channels(from).size());
        // As after a loss of power, before any writer was opened.
        final byte[] next = Files.readAllBytes(file(from, 2));
        before[ExtensionDescriptor.BOOT_ID_OFFSET] ^= 1;
        next[ExtensionDescriptor.BOOT_ID_OFFSET] ^= 1;
        Files.write(file(from, 1), before);
        Files.write(file(from, 2), next);
        final ReplicationSource source = source();
        final ReplicationTarget target = target();
        Hosts.runUntil(() -> targetEvents.refusals().size() == 2, source, target);
        assertEquals(List.of(RefusalReason.SOURCE_SUSPECT, RefusalReason.SOURCE_SUSPECT), targetEvents.refusals());
        assertEquals(50, target.recordCount());

        SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY).maxMessageLength(200).discardSuspect(true).open().close();
        final int all = channels(from).size();
        Hosts.runUntil(() -> targetEvents.completed().size() == all, source, target);
        assertSameSeries();
    }

    @Test
    void shouldGoOnBehindDamagedChannelWhenItIsMovedAwayAtBothEnds() throws IOException
    {
        final ReplicationSource source = source();
        copyFirstChannels(source);
        try (RandomAccessFile channel = new RandomAccessFile(file(from, 2).toFile(), "rw"))
        {
            // The length of the first record, behind the heartbeat that the channel begins with.
            channel.seek(Hosts.RECORD_AREA_OFFSET + 8);
            channel.writeLong(-7);
        }
        final ReplicationTarget stopped = target();
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, stopped));
        assertEquals(RefusalReason.SOURCE_DAMAGED, thrown.reason());
        assertTrue(thrown.getMessage().contains("The series goes on behind it"), thrown.getMessage());

        Files.delete(file(from, 1));
        Files.delete(file(from, 2));
        Files.delete(file(to, 2));
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .series(NAME).skipDeleted(true).listener(targetEvents).build());
        Hosts.runUntil(() -> targetEvents.completed().size() == 4, source, target);

        assertEquals(List.of(0L, 2L, 3L, 4L), targetEvents.completed());
        for (final long id : channels(from))
        {
            Areas.assertSame(file(from, id), file(to, id));
        }
    }

    @Test
    void shouldGoOnBehindChannelThatCannotBeOpenedWhenItIsMovedAwayAndThenThoseBeforeIt() throws IOException
    {
        final ReplicationSource source = source();
        try (SeriesWriter<RawBinDataFormat> writer = writer();
            ReplicationTarget target = hosts.target(to, hosts.driver()).series(NAME).listener(targetEvents).build())
        {
            write(writer, 100);
            Hosts.runUntil(() -> target.recordCount() == 100, source, target);
        }
        for (int i = 0; i < 3; i++)
        {
            try (SeriesWriter<RawBinDataFormat> writer = writer())
            {
                write(writer, 100);
            }
        }
        try (RandomAccessFile channel = new RandomAccessFile(file(from, 2).toFile(), "rw"))
        {
            channel.writeLong(-1);
        }
        final ReplicationTarget stopped = target();
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, stopped));
        assertEquals(RefusalReason.SOURCE_DAMAGED, thrown.reason());
        assertTrue(thrown.getMessage().contains("file=" + file(from, 2)), thrown.getMessage());
        // Readers of the copy are not told that the series is closed, which it is not.
        assertEquals(List.of(), targetEvents.completed());

        Files.delete(file(from, 2));
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .series(NAME).skipDeleted(true).listener(targetEvents).build());
        Hosts.runUntil(() -> targetEvents.completed().size() == 1, source, target);
        Files.delete(file(from, 1));
        Hosts.runUntil(() -> targetEvents.completed().size() == 3, source, target);

        assertEquals(List.of(0L, 2L, 3L), targetEvents.completed());
        for (final long id : channels(from))
        {
            Areas.assertSame(file(from, id), file(to, id));
        }
    }

    @Test
    void shouldStopWhenFileThatIsNoChannelTakesThePlaceOfTheNextOne() throws IOException
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target();
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 100);
        }
        Hosts.runUntil(() -> targetEvents.completed().size() == 1, source, target);
        Files.write(file(from, 2), new byte[100_000]);
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

        assertEquals(RefusalReason.SOURCE_DAMAGED, thrown.reason());
        assertTrue(thrown.getMessage().contains("file=" + file(from, 2)), thrown.getMessage());
        assertEquals(0, targetEvents.lost(), targetEvents.toString());
    }

    @Test
    void shouldStopAtBorderWhenSeriesAtSourceIsAnother() throws IOException
    {
        final ReplicationSource source = source();
        copyFirstChannels(source);
        final Path other = from.resolve("other");
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter.builder(other, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY).maxMessageLength(200).open())
        {
            write(writer, 100);
        }
        Files.move(file(other, 1), file(from, 1), StandardCopyOption.REPLACE_EXISTING);
        final ReplicationTarget target = target();
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

        assertEquals(RefusalReason.OTHER_CHANNEL, thrown.reason());
        assertEquals(1, channels(to).size());
    }

    @Test
    void shouldKeepChannelsThatTargetWithNameStillNeeds(@TempDir final Path positions)
    {
        final Retention retention = Retention.builder().maxChannels(1).readers(positions.resolve("targets")).build();
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).positions(positions, List.of("target-1")).build());
        final MediaDriver driver = hosts.driver();
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 100);
            try (ReplicationTarget target = named(driver).build())
            {
                Hosts.runUntil(() -> target.recordCount() == 100, source, target);
            }
            write(writer, 3_000);
        }
        prune(retention);
        assertTrue(channels(from).size() > 1, channels(from).toString());
        final int all = channels(from).size();

        final ReplicationTarget target = hosts.closing(named(driver).listener(targetEvents).build());
        Hosts.runUntil(() -> targetEvents.completed().size() == all, source, target);
        assertSameSeries();
        assertEquals(1, names(positions.resolve("targets")).size());
        Hosts.runUntil(
            () ->
            {
                prune(retention);
                return channels(from).size() == 1;
            },
            source,
            target);
        assertEquals(0, targetEvents.refusals().size());
    }

    @Test
    void shouldRefuseSeriesWhenItsNameLeadsOutOfTheRoot()
    {
        for (final String name : List.of("..", "../other", "/etc", ".hidden", "a/b", ""))
        {
            assertThrows(
                IllegalArgumentException.class, () -> ReplicationTarget.builder(to).series(name), "name=" + name);
        }
    }

    /**
     * A copy of one complete channel, of which the source has closed the series and begun it anew several times.
     */
    private void copyFirstChannels(final ReplicationSource source)
    {
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 100);
        }
        try (ReplicationTarget target = hosts.target(to, hosts.driver()).series(NAME).listener(targetEvents).build())
        {
            Hosts.runUntil(() -> targetEvents.completed().size() == 1, source, target);
        }
        for (int i = 0; i < 4; i++)
        {
            try (SeriesWriter<RawBinDataFormat> writer = writer())
            {
                write(writer, 100);
            }
        }
    }

    private ReplicationTargetBuilder named(final MediaDriver driver)
    {
        return hosts.target(to, driver).series(NAME).name("target-1").progressInterval(Duration.ofMillis(20));
    }

    private static List<String> names(final Path positions)
    {
        return NamedPositions.in(positions).positions().stream().map(NamedPosition::name).toList();
    }

    private void prune(final Retention retention)
    {
        retention.prune(from, NAME, new SeriesListener()
        {
        });
    }

    private void prune(final int channels)
    {
        prune(Retention.builder().maxChannels(channels).build());
        assertEquals(channels, channels(from).size());
    }

    private long readAll(final SeriesReader reader)
    {
        while (reader.read((buffer, offset, length, position, next) -> onRecord(buffer.getLong(offset)), 100) > 0)
        {
            // More may be there.
            continue;
        }

        return read;
    }

    private void onRecord(final long number)
    {
        assertEquals(read, number);
        read++;
    }

    private void write(final SeriesWriter<RawBinDataFormat> writer, final int count)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[120]);
        for (int i = 0; i < count; i++)
        {
            record.putLong(0, written);
            writer.write(record, 0, (int)(Long.BYTES + written % 100));
            written++;
        }
    }

    private void assertSameSeries()
    {
        assertEquals(channels(from), channels(to));
        for (final long id : channels(from))
        {
            Areas.assertSame(file(from, id), file(to, id));
        }
    }

    /**
     * The ids of a series' channels that are in use.
     */
    private static List<Long> channels(final Path root)
    {
        return LongStream.range(1, 100).filter((id) -> isPublished(file(root, id))).boxed().toList();
    }

    private static boolean isPublished(final Path file)
    {
        if (!Files.exists(file))
        {
            return false;
        }
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            return reader.extension().streamId() != 0;
        }
    }

    private static Path file(final Path root, final long id)
    {
        return ChannelPath.file(root.resolve(NAME), id);
    }

    private SeriesWriter<RawBinDataFormat> writer()
    {
        return SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY).maxMessageLength(200).open();
    }

    private ReplicationSource source()
    {
        return hosts.closing(hosts.source(from, hosts.driver()).build());
    }

    private ReplicationTarget target()
    {
        return hosts.closing(hosts.target(to, hosts.driver()).series(NAME).listener(targetEvents).build());
    }
}
