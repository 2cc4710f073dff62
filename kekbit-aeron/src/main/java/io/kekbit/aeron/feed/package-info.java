/**
 * Streams of any publisher recorded into channels and series, and channels and series replayed to any subscriber: plain
 * Aeron at the other end, which knows nothing of kekbit.
 * <p>
 * What is published is the payload of each record and nothing else: no envelope, no length word, no position. For a
 * copy that is equal to its source byte by byte there is {@link io.kekbit.aeron.replication}.
 */
package io.kekbit.aeron.feed;
