/**
 * What changes with size: the capacity of a channel, the number of its readers, the records that it holds.
 */
package io.kekbit.benchmarks.scale;
