/**
 * Market data from one process to another: a publisher replays a recording of a venue into a channel, encoded in place
 * with SBE, and a subscriber reads, checks and times it.
 * <p>
 * In reading order: {@link io.kekbit.examples.marketdata.MarketDataPublisher} and {@code MessageEncoders} write,
 * {@link io.kekbit.examples.marketdata.MarketDataSubscriber} and {@code MessageHandlers} read; {@link
 * io.kekbit.examples.marketdata.MarketData} starts the two. The other classes are about the input and the output, not
 * about channels.
 */
package io.kekbit.examples.marketdata;
