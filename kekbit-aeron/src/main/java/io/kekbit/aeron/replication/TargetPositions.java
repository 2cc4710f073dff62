package io.kekbit.aeron.replication;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/**
 * Of which targets a source keeps how far they are, and where. Immutable.
 */
final class TargetPositions
{
    /**
     * Of none.
     */
    static final TargetPositions NONE = new TargetPositions(Path.of(""), Set.of());

    private final Path folder;
    private final Set<String> names;

    TargetPositions(final Path folder, final Collection<String> names)
    {
        this.folder = folder;
        this.names = Set.copyOf(names);
        for (final String name : names)
        {
            if (name.isEmpty() || !TargetNames.isSound(name))
            {
                throw new IllegalArgumentException("name=\"" + name + "\" is none of a target's.");
            }
        }
    }

    boolean isKept(final String name)
    {
        return names.contains(name);
    }

    /**
     * Take the position of a target in a stream: one target can copy several.
     */
    TargetPosition open(final String name, final CopiedStream stream)
    {
        return TargetPosition.open(folder, name, stream);
    }
}
