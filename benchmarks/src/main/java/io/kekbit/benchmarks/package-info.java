/**
 * What kekbit costs, measured beside hand-written loops that do no more than the file format needs, and beside others.
 */
package io.kekbit.benchmarks;
