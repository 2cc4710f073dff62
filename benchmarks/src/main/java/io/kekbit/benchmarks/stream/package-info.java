/**
 * Messages from one thread or process to another: how many, how soon, and what holds the writer up.
 */
package io.kekbit.benchmarks.stream;
