/**
 * What is compared with what, and the running of it: a plan of tables, each row of which is measured in a JVM of its
 * own, one row after the other, round after round.
 */
package io.kekbit.benchmarks.compare;
