package io.kekbit.core;

/**
 * Is told how far a {@link ChannelVerifier} has come.
 */
@FunctionalInterface
public interface VerificationListener
{
    /**
     * Called by the thread that verifies, about once for each MiB and with the whole at the end. What it throws ends
     * verifying.
     *
     * @param bytesDone  bytes of the record area that are done with; never less than in the call before.
     * @param bytesTotal bytes of the record area, the same in every call.
     */
    void onProgress(long bytesDone, long bytesTotal);
}
