package io.kekbit.aeron.replication;

import java.util.regex.Pattern;

/**
 * What a target may call itself: what a named reader may.
 */
final class TargetNames
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private TargetNames()
    {
    }

    /**
     * Whether this is a name, or none at all.
     */
    static boolean isSound(final String name)
    {
        return name.isEmpty() || NAME.matcher(name).matches();
    }
}
