package io.kekbit.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link ChannelVerifier} found. Immutable.
 *
 * @param file         of the channel.
 * @param header       of the channel.
 * @param extension    what the channel says of itself beside its header.
 * @param records      how many records were walked over, those at fault included.
 * @param heartbeats   how many heartbeats were walked over.
 * @param contentBytes bytes of content in these records, their envelopes included.
 * @param end          the position at which the walk ended.
 * @param endState     what stands there, as a reader would say that reads on where it is suspect: {@link
 *                     ReaderState#OPEN}, {@link ReaderState#CLOSED}, {@link ReaderState#FULL}, or {@link
 *                     ReaderState#CORRUPT} where a fault ended the walk.
 * @param suspectFrom  the position from which on nothing vouches for what was walked over, since the machine was
 *                     restarted; empty where everything is vouched for. Damage behind it is a fault all the same.
 * @param faultCount   how many faults there are.
 * @param faults       the first {@value #MAX_FAULTS} of them, in the order of the walk; a durable position that is
 *                     wrong comes behind it.
 * @param notes        what is remarkable and breaks no rule by which readers go, one sentence each.
 */
public record Verification(
    Path file,
    Header header,
    Extension extension,
    long records,
    long heartbeats,
    long contentBytes,
    long end,
    ReaderState endState,
    OptionalLong suspectFrom,
    long faultCount,
    List<ChannelFault> faults,
    List<String> notes)
{
    /**
     * The most faults that are told one by one.
     */
    public static final int MAX_FAULTS = 100;

    /**
     * Whether nothing is wrong.
     *
     * @return true if there is no fault.
     */
    public boolean isSound()
    {
        return faultCount == 0;
    }

    /**
     * The fault that the walk came to first.
     *
     * @return the fault, or nothing in a sound channel.
     */
    public Optional<ChannelFault> firstFault()
    {
        return faults.stream().findFirst();
    }
}
