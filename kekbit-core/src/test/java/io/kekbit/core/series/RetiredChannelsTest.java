package io.kekbit.core.series;

import io.kekbit.core.BrokenDevice;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.WriteHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * What becomes of the channels that a writer has left.
 */
class RetiredChannelsTest
{
    private static final long STREAM_ID = 77;

    private final List<String> events = new ArrayList<>();
    private boolean isClockBroken;

    @TempDir
    private Path root;

    @Test
    void shouldCloseInOrderWhenDeviceTakesThem()
    {
        final SeriesChannel<RawBinDataFormat> first = channel(0);
        final SeriesChannel<RawBinDataFormat> last = channel(1);
        final RetiredChannels<RawBinDataFormat> retired = new RetiredChannels<>(noting(), first);
        first.leaveFor(last);
        assertEquals(1, retired.closeOne());
        assertEquals(0, retired.closeOne());
        retired.closeLast(last);

        assertEquals(List.of("closed 0"), events);
        assertEquals(List.of(ChannelState.CLOSED, ChannelState.CLOSED), states(2));
    }

    @Test
    void shouldCloseNoneThatWouldVouchForItWhenDeviceDidNotTakeOne()
    {
        final SeriesChannel<RawBinDataFormat> first = channel(0);
        final SeriesChannel<RawBinDataFormat> failing =
            BrokenDevice.channel(root.resolve(TestSeries.NAME), header(1), STREAM_ID, 1);
        final SeriesChannel<RawBinDataFormat> next = channel(2);
        final SeriesChannel<RawBinDataFormat> last = channel(3);
        final RetiredChannels<RawBinDataFormat> retired = new RetiredChannels<>(noting(), first);
        last.channel().write(new UnsafeBuffer(new byte[8]), 0, 8);
        first.leaveFor(failing);
        failing.leaveFor(next);
        next.leaveFor(last);
        retired.closeAll();
        retired.closeLast(last);

        assertNotNull(retired.failure());
        assertEquals(List.of("closed 0", "failed 1", "failed 2"), events);
        assertEquals(
            List.of(ChannelState.CLOSED, ChannelState.ABANDONED, ChannelState.ABANDONED, ChannelState.ABANDONED),
            states(4));

        // The next writer closes what this one did not, and goes on behind the last record.
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(3, SeriesPosition.ordinal(writer.writeOffset()));
            assertEquals(
                List.of(ChannelState.CLOSED, ChannelState.CLOSED, ChannelState.CLOSED), states(3));
        }
    }

    @Test
    void shouldCloseNoneBehindItWhenClosingOneThrowsWhatNobodyExpects()
    {
        final SeriesChannel<RawBinDataFormat> first = channel(0, () ->
        {
            if (isClockBroken)
            {
                throw new IllegalStateException("clock");
            }
            return 1;
        });
        final SeriesChannel<RawBinDataFormat> next = channel(1);
        final SeriesChannel<RawBinDataFormat> last = channel(2);
        final RetiredChannels<RawBinDataFormat> retired = new RetiredChannels<>(noting(), first);
        first.leaveFor(next);
        next.leaveFor(last);
        isClockBroken = true;
        assertThrows(IllegalStateException.class, retired::closeAll);
        retired.closeAll();
        retired.closeLast(last);

        assertNotNull(retired.failure());
        assertEquals(List.of("failed 1"), events);
        assertEquals(List.of(ChannelState.ABANDONED, ChannelState.ABANDONED, ChannelState.ABANDONED), states(3));
        TestSeries.open(root).close();
        assertEquals(List.of(ChannelState.CLOSED, ChannelState.CLOSED, ChannelState.CLOSED), states(3));
    }

    @Test
    void shouldNotCloseLastOneWhenListenerThrowsAndOthersAreNotClosed()
    {
        final SeriesListener throwing = new SeriesListener()
        {
            @Override
            public void onChannelClosed(final long ordinal, final Path file)
            {
                throw new IllegalStateException("listener");
            }
        };
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).listener(throwing).open())
        {
            // From now on somebody runs the agent, so that the writer closes nothing itself.
            writer.agent().doWork();
            TestSeries.write(writer, 0, 2 * TestSeries.RECORDS_PER_CHANNEL + 1);

            assertThrows(IllegalStateException.class, writer::close);
        }

        assertEquals(List.of(ChannelState.CLOSED, ChannelState.FULL, ChannelState.ABANDONED), states(3));
        assertFalse(Files.exists(TestSeries.file(root, 3)));
        TestSeries.open(root).close();
        assertEquals(List.of(ChannelState.CLOSED, ChannelState.CLOSED, ChannelState.CLOSED), states(3));
    }

    private SeriesChannel<RawBinDataFormat> channel(final long ordinal)
    {
        return channel(ordinal, () -> 1);
    }

    private SeriesChannel<RawBinDataFormat> channel(final long ordinal, final EpochNanoClock clock)
    {
        return SeriesChannel.create(
            ShmWriter.builder(root.resolve(TestSeries.NAME), header(ordinal), RawBinDataFormat.INSTANCE).clock(clock),
            new WriteHandler[0],
            STREAM_ID,
            ordinal,
            0);
    }

    private static Header header(final long ordinal)
    {
        return Header.builder()
            .writerId(1).channelId(ordinal + 1).capacity(TestSeries.CAPACITY).maxMessageLength(112).build();
    }

    private List<ChannelState> states(final int count)
    {
        return LongStream.range(0, count)
            .mapToObj((ordinal) -> ChannelStatus.of(TestSeries.file(root, ordinal)).state())
            .toList();
    }

    private SeriesListener noting()
    {
        return new SeriesListener()
        {
            @Override
            public void onChannelClosed(final long ordinal, final Path file)
            {
                events.add("closed " + ordinal);
            }

            @Override
            public void onClosingFailed(final long ordinal, final Path file, final RuntimeException cause)
            {
                events.add("failed " + ordinal);
            }
        };
    }
}
