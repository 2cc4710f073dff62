package io.kekbit.core;

import java.io.IOException;
import java.util.Set;

/**
 * A file system on which the nth operation that can fail does so, once.
 */
final class FailingFiles extends CountedFiles
{
    private static final Set<String> CANNOT_FAIL = Set.of("mayExist", "unmap");

    private final Error error;
    private int operationsLeft;
    private String last = "none";
    private IOException thrown;

    FailingFiles(final int failing, final boolean hasHardLinks)
    {
        this(failing, hasHardLinks, null);
    }

    /**
     * Fail by an error of the JVM instead, as mapping can.
     */
    FailingFiles(final int failing, final boolean hasHardLinks, final Error error)
    {
        super(hasHardLinks);
        operationsLeft = failing;
        this.error = error;
    }

    String last()
    {
        return last;
    }

    IOException thrown()
    {
        return thrown;
    }

    void stopFailing()
    {
        operationsLeft = Integer.MAX_VALUE;
    }

    @Override
    void before(final String operation) throws IOException
    {
        if (!CANNOT_FAIL.contains(operation) && --operationsLeft == 0)
        {
            last = operation;
            if (error != null)
            {
                throw error;
            }
            thrown = new IOException("made to fail: " + operation);
            throw thrown;
        }
    }
}
