package io.kekbit.examples.marketdata;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over the {@link CanonicalForm} of a stream of messages.
 */
final class ValueDigest
{
    private final MessageDigest sha256;

    ValueDigest()
    {
        try
        {
            sha256 = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    void update(final byte[] block, final int offset, final int length)
    {
        sha256.update(block, offset, length);
    }

    /**
     * The digest in hexadecimal. Ends this object's life.
     */
    String hex()
    {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
