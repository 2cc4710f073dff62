package io.kekbit.core.positions;

/**
 * When a named reader stores its position by itself.
 */
public enum Storing
{
    /**
     * Behind each record, as soon as its handler has returned; behind one that {@link NamedReader#next()} went to, when
     * the reader is called again. A record whose handler throws is stored as done when the reader is called again, too:
     * calling it is deciding to go on.
     */
    EACH_RECORD,

    /**
     * Only when {@link NamedReader#store()} is called: for whoever handles records in batches, and for whoever keeps
     * the position elsewhere.
     */
    ON_CALL
}
