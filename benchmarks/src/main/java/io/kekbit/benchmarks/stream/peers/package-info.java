/**
 * Ways of carrying a message to another thread or process, behind one interface. A measurement uses one of them in a
 * JVM of its own, so that the interface costs nothing: the JIT compiler sees one implementation only.
 */
package io.kekbit.benchmarks.stream.peers;
