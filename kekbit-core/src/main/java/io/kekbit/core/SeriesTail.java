package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.layout.RecordDescriptor;

/**
 * For kekbit's own use: what is at the end of a channel of a series, for write handlers that go on behind it.
 *
 * @param records       how many readers come to, without heartbeats.
 * @param contentOffset where in the reader's buffer the content of the last record stands that is intact: as long as
 *                      its envelope at least, and with the right checksums; 0 where there is none.
 * @param behind        how many records there are behind that one; all of them where there is none.
 */
public record SeriesTail(long records, int contentOffset, long behind)
{
    /**
     * Look at the end of a channel. As long as the last records are intact, no more is walked than by {@link
     * ChannelStatus}; else the channel is walked from its start.
     *
     * @param reader of the channel, which is moved to the end.
     * @return what is there.
     * @throws FileTooShortException where the file was cut short meanwhile.
     */
    public static SeriesTail of(final ShmReader reader)
    {
        final ChannelMapping mapping = reader.mapping();
        try
        {
            reader.moveToEnd();
            final int end = (int)reader.position();
            final BoundaryWalk walk = new BoundaryWalk(
                mapping,
                reader.header(),
                Math.min(
                    reader.header().capacity(), mapping.buffer().capacity() - RecordDescriptor.RECORD_AREA_OFFSET),
                reader.envelope);
            final long records = walk.tailBefore(end).records();
            final BoundaryWalk.Tail intact = walk.intactTailBefore(end);
            // The JVM can tell late that a page is gone.
            mapping.requireWhole();

            return intact.lastRecord() < 0 ? new SeriesTail(records, 0, records) : new SeriesTail(
                records,
                RecordDescriptor.RECORD_AREA_OFFSET + intact.lastRecord() + RecordDescriptor.LENGTH_WORD_LENGTH,
                records - intact.records());
        }
        catch (final InternalError ex)
        {
            // A page is gone.
            mapping.noteFault();
            mapping.requireWhole();
            throw ex;
        }
    }
}
