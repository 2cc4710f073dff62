package io.kekbit.sbe;

/**
 * A message of a schema: its name and id, and what its bytes are.
 */
record MessageLayout(String name, int templateId, BlockLayout root, int maxLength)
{
    /**
     * Of a message's length in the schema, the part that an {@code int} can hold.
     *
     * @param headerLength of the message header.
     * @param length       of the message behind it.
     * @return their sum, at most {@link Integer#MAX_VALUE}.
     */
    static int saturatedLength(final int headerLength, final long length)
    {
        return (int)Math.min(Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, length) + headerLength);
    }
}
