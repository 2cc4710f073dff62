/**
 * Reading records again as they once came, and reading several streams as one.
 * <p>
 * {@link io.kekbit.core.replay.Replayer} hands the records of a stream over at the pace at which they were recorded,
 * faster, or without waiting, and drives a {@link io.kekbit.core.replay.ReplayClock} by their times.
 * {@link io.kekbit.core.replay.MergedReader} puts the records of several streams into one order. Both work on any
 * {@link io.kekbit.core.Reader}, and allocate nothing for a record.
 */
package io.kekbit.core.replay;
