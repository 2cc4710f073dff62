/**
 * What single operations cost: JMH benchmarks, and the command that runs one of them in a JVM of its own.
 * <p>
 * A channel is not a ring: what is written stays, and the next record goes behind it. So that an operation is repeated
 * often enough to be timed, a benchmark goes through one channel after the other, each made, and touched, outside of
 * what is timed.
 */
package io.kekbit.benchmarks.operations;
