package io.kekbit.core;

/**
 * Something in a channel that breaks a rule of the format, see {@link ChannelVerifier}.
 *
 * @param kind        what kind of thing it is.
 * @param position    of the record or word it is about, in bytes from the start of the record area.
 * @param fileOffset  the first byte of the file that is wrong. Where a checksum is, that is the first byte it covers:
 *                    any of those can be.
 * @param description what is wrong, for people: one sentence without the position.
 */
public record ChannelFault(Kind kind, long position, long fileOffset, String description)
{
    /**
     * What can be wrong.
     */
    public enum Kind
    {
        /**
         * A length word cannot be one, a record reaches where none may, or the file ends before it. Nothing behind an
         * impossible word can be found, so there verifying ends.
         */
        STRUCTURE,

        /**
         * A part of the file cannot be read. Verifying ends there.
         */
        UNREADABLE,

        /**
         * A record is too short for its envelope, or a checksum in it is wrong: its length or its content is damaged.
         */
        ENVELOPE,

        /**
         * A sequence number is not the one that follows the number before: records are missing, or there are too many.
         */
        SEQUENCE,

        /**
         * The durable position is no place at which a record, a heartbeat or the end stands.
         */
        DURABLE_POSITION
    }
}
