package io.kekbit.cli.channels;

import io.kekbit.cli.support.Colors;
import io.kekbit.core.ChannelState;

import java.util.Locale;

/**
 * Names and colours of {@link ChannelState}.
 */
final class States
{
    /**
     * Stands where a state would, for a file that cannot be opened.
     */
    static final String UNREADABLE = "unreadable";

    private States()
    {
    }

    static String name(final ChannelState state)
    {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The name in its colour.
     */
    static String coloured(final String name)
    {
        final Colors colors = Colors.out();

        return switch (name)
        {
            case "live" -> colors.good(name);
            case "idle", "full", "abandoned" -> colors.warning(name);
            case "suspect", "corrupt", UNREADABLE -> colors.alarm(name);
            default -> name;
        };
    }

    /**
     * What it means for whoever looks after the channel, as a clause.
     */
    static String meaning(final ChannelState state)
    {
        return switch (state)
        {
            case LIVE -> "its writer is at work";
            case IDLE -> "its writer has it, and has been silent for longer than the timeout";
            case CLOSED -> "its writer closed it, nothing follows";
            case FULL -> "there is no room for another record";
            case ABANDONED -> "its writer is gone; another can resume it, or kekbit close ends it";
            case SUSPECT -> "the machine was restarted; what stands behind the durable position may be damaged";
            case CORRUPT -> "damaged; kekbit verify says where";
        };
    }
}
