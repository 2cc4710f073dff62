package io.kekbit.sbe.ir;

/**
 * What became of bytes that were to be decoded.
 */
public enum DecodeResult
{
    /**
     * The visitor was told of the whole message.
     */
    DECODED,

    /**
     * There are fewer bytes than a message header has. The visitor was told nothing.
     */
    NO_HEADER,

    /**
     * The header names another schema. The visitor was told nothing.
     */
    FOREIGN_SCHEMA,

    /**
     * The schema has no message of that template id. The visitor was told nothing.
     */
    UNKNOWN_TEMPLATE,

    /**
     * A length or a count in the message leads beyond its bytes, or its root block or the entries of a group are
     * shorter than the version with which it was written has them. The visitor was told nothing.
     */
    MALFORMED,

    /**
     * The message has far more values than bytes, see {@link SchemaDecoder#MAX_VALUES}. The visitor was told of a part.
     */
    TOO_COSTLY
}
