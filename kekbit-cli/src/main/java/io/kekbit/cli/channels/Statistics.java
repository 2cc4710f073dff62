package io.kekbit.cli.channels;

import io.kekbit.cli.support.Progress;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.sbe.MessageHeaderLayout;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.Int2ObjectHashMap;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What there is in a channel or series, counted in one pass over its records. Not thread-safe.
 */
final class Statistics
{
    /**
     * Stands for content that is no message of the channel's schema.
     */
    static final int FOREIGN = -1;

    /**
     * The most sequence gaps that are told one by one.
     */
    static final int MAX_GAPS = 10;

    private static final int RECORDS_PER_TICK_OF_PROGRESS = 1 << 12;

    /**
     * Sequence numbers that are missing.
     *
     * @param position of the record behind them.
     * @param expected the number that should have come.
     * @param actual   the number that came.
     */
    record Gap(long position, long expected, long actual)
    {
    }

    /**
     * Which template messages are of. In the channels of a series, one id can be that of several.
     *
     * @param id   of the template, or {@link #FOREIGN}.
     * @param name of the message; null where the schema does not know it.
     */
    record TemplateKey(int id, String name) implements Comparable<TemplateKey>
    {
        @Override
        public int compareTo(final TemplateKey other)
        {
            return ORDER.compare(this, other);
        }
    }

    private static final Comparator<TemplateKey> ORDER = Comparator
        .comparingInt(TemplateKey::id)
        .thenComparing(TemplateKey::name, Comparator.nullsFirst(Comparator.naturalOrder()));

    /**
     * Messages of one template.
     */
    static final class Template
    {
        private long count;
        private long bytes;

        long count()
        {
            return count;
        }

        long bytes()
        {
            return bytes;
        }
    }

    private final Map<TemplateKey, Template> templates = new TreeMap<>();
    /** Those of the channel that is counted, by their ids. */
    private final Int2ObjectHashMap<Template> channelTemplates = new Int2ObjectHashMap<>();
    private Map<Integer, String> names = Map.of();
    private SbeDataFormat sbe;
    private boolean hasSchema;
    private byte[] envelope;
    private long nextSequence;
    private boolean isNextSequenceKnown;
    private boolean isFirstOfChannel;
    private final Int2IntCounterMap sizes = new Int2IntCounterMap(0);
    private final List<Gap> gaps = new ArrayList<>();
    private RateHistogram rate;
    private long records;
    private long payloadBytes;
    private long heartbeats;
    private long gapCount;
    private long end;
    private long longestSilence;
    private long longestSilenceAt;
    private long timesThatStepBack;
    private ReaderState endState;
    private long previousTicks = Reader.NOT_TOLD;
    private long done;
    /** Where the channel begins that is counted; 0 of a single one. */
    private long base;

    private Statistics()
    {
    }

    /**
     * Count what is in a channel, or in the channels of a series. What is written meanwhile is counted up to where it
     * was when this came there.
     *
     * @param files       of the channel, or of the series' channels in their order.
     * @param readSuspect whether to go on where nothing vouches for what was written.
     * @param isSeries    whether positions are those of the series.
     * @param progress    to tell how far this is.
     * @throws IOException where a file cannot be read any more.
     */
    static Statistics of(
        final List<Path> files, final boolean readSuspect, final boolean isSeries, final Progress progress)
        throws IOException
    {
        final Statistics statistics = new Statistics();
        for (final Path file : files)
        {
            final ShmReaderBuilder builder =
                ShmReader.builder(file).readSuspect(readSuspect).gapListener(statistics::onGap);
            try (ShmReader reader = builder.open())
            {
                reader.moveToEnd();
                final long end = reader.position();
                reader.moveTo(0);
                statistics.begin(
                    isSeries ? SeriesPosition.of(reader.extension().ordinal(), 0) : 0, reader.extension().envelope());
                statistics.understand(Content.of(file, reader.extension()));
                statistics.count(reader, end, progress);
            }
            catch (final ChannelNotFoundException | NoSuchFileException ex)
            {
                if (!isSeries)
                {
                    throw ex;
                }
                // Deleted meanwhile, to keep the series within its bounds.
                continue;
            }
            if (statistics.endState == ReaderState.CORRUPT || statistics.endState == ReaderState.SUSPECT)
            {
                break;
            }
        }

        return statistics;
    }

    private void begin(final long channelBase, final byte[] channelEnvelope)
    {
        // Where it is another, another handler counted, or begins to.
        isNextSequenceKnown &= Arrays.equals(channelEnvelope, envelope);
        envelope = channelEnvelope;
        isFirstOfChannel = true;
        done += end - base;
        base = channelBase;
        end = channelBase;
    }

    /**
     * Each channel says itself what its records are.
     */
    private void understand(final Content content)
    {
        sbe = content.sbe();
        names = content.names();
        hasSchema |= !names.isEmpty();
        channelTemplates.clear();
    }

    private Template template(final int id)
    {
        Template template = channelTemplates.get(id);
        if (template == null)
        {
            template = templates.computeIfAbsent(new TemplateKey(id, names.get(id)), (key) -> new Template());
            channelTemplates.put(id, template);
        }

        return template;
    }

    private void count(final ShmReader reader, final long wanted, final Progress progress)
    {
        final MessageHeaderLayout header = sbe == null ? null : sbe.headerLayout();
        if (rate == null)
        {
            rate = new RateHistogram(
                Math.max(1, reader.header().tickUnit().fromNanos(TimeUnit.SECONDS.toNanos(1))));
        }
        // What next() steps over at the end of the channel counts as well.
        while (end - base < wanted && reader.next())
        {
            final long start = base + reader.recordPosition();
            noteSequence(reader);
            heartbeats += (start - end) / RecordDescriptor.LENGTH_WORD_LENGTH;
            end = base + reader.position();
            final int length = reader.length();
            records++;
            payloadBytes += length;
            sizes.incrementAndGet(length);
            final Template template = template(templateId(reader, header, sbe, length));
            template.count++;
            template.bytes += length;

            final long ticks = reader.time();
            if (ticks >= 0 && ticks != Reader.NOT_TOLD)
            {
                rate.add(ticks, length);
                noteSilence(ticks, start);
                previousTicks = ticks;
            }
            if (records % RECORDS_PER_TICK_OF_PROGRESS == 0)
            {
                progress.at(done + end - base);
            }
        }
        if (base + reader.position() > end)
        {
            heartbeats += (base + reader.position() - end) / RecordDescriptor.LENGTH_WORD_LENGTH;
            end = base + reader.position();
        }
        endState = reader.state();
    }

    /**
     * A gap within the channel is told by its reader, and what is missing at its beginning is found here.
     */
    private void noteSequence(final ShmReader reader)
    {
        final long sequence = reader.sequence();
        if (sequence == Reader.NOT_TOLD)
        {
            return;
        }
        if (isNextSequenceKnown && sequence != nextSequence && isFirstOfChannel)
        {
            onGap(nextSequence, sequence, reader.recordPosition());
        }
        isFirstOfChannel = false;
        isNextSequenceKnown = true;
        nextSequence = sequence + 1;
    }

    private void noteSilence(final long ticks, final long position)
    {
        if (previousTicks == Reader.NOT_TOLD)
        {
            return;
        }
        if (ticks < previousTicks)
        {
            timesThatStepBack++;
        }
        else if (ticks - previousTicks > longestSilence)
        {
            longestSilence = ticks - previousTicks;
            longestSilenceAt = position;
        }
    }

    private static int templateId(
        final ShmReader reader, final MessageHeaderLayout header, final SbeDataFormat sbe, final int length)
    {
        return header == null || length < header.length() ||
            header.schemaId(reader.buffer(), reader.offset()) != sbe.schemaId() ?
            FOREIGN : header.templateId(reader.buffer(), reader.offset());
    }

    private void onGap(final long expected, final long actual, final long position)
    {
        gapCount++;
        if (gaps.size() < MAX_GAPS)
        {
            gaps.add(new Gap(base + position, expected, actual));
        }
    }

    /**
     * By template id, ascending; all under {@link #FOREIGN} where the content is not SBE.
     */
    Map<TemplateKey, Template> templates()
    {
        return templates;
    }

    /**
     * Whether a channel tells names of messages.
     */
    boolean hasSchema()
    {
        return hasSchema;
    }

    long records()
    {
        return records;
    }

    /**
     * Bytes of payload, envelopes not counted.
     */
    long payloadBytes()
    {
        return payloadBytes;
    }

    long heartbeats()
    {
        return heartbeats;
    }

    long gapCount()
    {
        return gapCount;
    }

    List<Gap> gaps()
    {
        return gaps;
    }

    RateHistogram rate()
    {
        return rate;
    }

    /**
     * The position up to which was counted.
     */
    long end()
    {
        return end;
    }

    ReaderState endState()
    {
        return endState;
    }

    /**
     * The longest time between two records, in ticks.
     */
    long longestSilence()
    {
        return longestSilence;
    }

    /**
     * The position of the record that ended it.
     */
    long longestSilenceAt()
    {
        return longestSilenceAt;
    }

    /**
     * How many records have an earlier time than the one before.
     */
    long timesThatStepBack()
    {
        return timesThatStepBack;
    }

    /**
     * The sizes that so many of all payloads do not exceed.
     *
     * @param fractions ascending, from 0 to 1.
     * @return a size in bytes for each; none where there are no records.
     */
    int[] sizes(final double... fractions)
    {
        if (records == 0)
        {
            return new int[0];
        }
        final int[] ascending = new int[sizes.size()];
        final Int2IntCounterMap counts = sizes;
        final int[] next = {0};
        counts.forEach((size, count) -> ascending[next[0]++] = size);
        Arrays.sort(ascending);

        final int[] found = new int[fractions.length];
        int at = 0;
        long passed = counts.get(ascending[0]);
        for (int i = 0; i < fractions.length; i++)
        {
            final long wanted = Math.max(1, (long)Math.ceil(fractions[i] * records));
            while (passed < wanted)
            {
                passed += counts.get(ascending[++at]);
            }
            found[i] = ascending[at];
        }

        return found;
    }
}
