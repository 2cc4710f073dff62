/**
 * What it costs to go from one channel of a series to the next.
 */
package io.kekbit.benchmarks.series;
