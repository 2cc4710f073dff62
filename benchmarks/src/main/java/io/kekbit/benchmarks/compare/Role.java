package io.kekbit.benchmarks.compare;

/**
 * What a row of a table stands for.
 */
public enum Role
{
    /**
     * The channel as it should be used: a peer is ahead when it is better than this.
     */
    KEKBIT,

    /**
     * One of the hand-written loops that do no more than the format needs. The best of them is the floor.
     */
    FLOOR,

    /**
     * Another messaging library.
     */
    PEER,

    /**
     * Something for comparison: the channel used in another way, or a yardstick that is no channel.
     */
    OTHER
}
