/**
 * The yardstick: channels written and read by hand, with no more than the file format needs. There is no protection
 * against anything: no closed state, no claim to keep track of, no thread to belong to, no index, no damage to detect.
 * Neither is there what a measurement does without: heartbeats, which a poll would stop at, and an end of the channel.
 * <p>
 * What is fastest depends on the processor and the JIT compiler, so there are five ways of doing the same, and a
 * measurement compares with the one that turned out best.
 */
package io.kekbit.benchmarks.floor;
