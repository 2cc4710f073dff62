/**
 * A record's way to another host: written, replicated over UDP, and read there from the copy, beside the same message
 * over plain Aeron UDP.
 */
package io.kekbit.benchmarks.replicate;
