/**
 * Series: streams without end, each made of channels that follow one another.
 * <p>
 * {@link io.kekbit.core.series.SeriesWriter} goes on in the next channel where one is full or its time is over, {@link
 * io.kekbit.core.series.SeriesReader} follows it. To their users the series is one stream: records have one order, one
 * numbering and one kind of position, see {@link io.kekbit.core.series.SeriesPosition}.
 * <p>
 * The series NAME of a root is the folder NAME in it, and each channel in that folder is an ordinary one, which every
 * reader and tool can open: the first has the id 1, the next one 2. The words used here:
 * <ul>
 * <li><b>ordinal</b>: the number of channels before a channel in its series;</li>
 * <li><b>roll</b>: the writer goes on in the next channel;</li>
 * <li><b>made ready</b>: what the next channel is before that: complete, empty, and not part of the series yet, which
 * its stream id of 0 tells;</li>
 * <li><b>published</b>: part of the series, since its stream id is stored.</li>
 * </ul>
 */
package io.kekbit.core.series;
