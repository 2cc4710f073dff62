/**
 * Channels: persistent streams of records in one memory-mapped file each, with one writer and any number of readers.
 * <p>
 * {@link io.kekbit.core.ShmWriter} creates a channel and appends, {@link io.kekbit.core.ShmReader} polls it. What is
 * written is described by a {@link io.kekbit.core.DataFormat}. The words used everywhere:
 * <ul>
 * <li><b>channel</b>: the file, with its header, its record area and what lies behind;</li>
 * <li><b>record</b>: one message in the record area: a length word, content, and padding to a multiple of 8;</li>
 * <li><b>slot</b>: the bytes of the record area into which the writer encodes the next record's content;</li>
 * <li><b>position</b>: a distance in bytes from the start of the record area, always a multiple of 8;</li>
 * <li><b>watermark</b>: the word behind the last record, which says that nothing follows yet.</li>
 * </ul>
 * Names show memory order: a word is published with a release store and polled with an acquire load, everything else is
 * plain memory access.
 */
package io.kekbit.core;
