package io.kekbit.sbe;

/**
 * The serialised schema given is missing or damaged, or describes messages that kekbit cannot handle.
 */
public final class InvalidSchemaException extends IllegalArgumentException
{
    private static final long serialVersionUID = 1L;

    InvalidSchemaException(final String reason, final Throwable cause)
    {
        super("invalid SBE schema: " + reason +
            ". Give the .sbeir file that SbeTool writes with -Dsbe.generate.ir=true", cause);
    }

    /**
     * For kekbit's own use.
     *
     * @param reason what is wrong with the schema.
     */
    public InvalidSchemaException(final String reason)
    {
        this(reason, null);
    }
}
