package io.kekbit.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Gives other threads a look at a field that its owner keeps as an ordinary one, for speed. A look costs the owner
 * nothing and may be a little late. On a JVM of 32 bits a long can be seen half old, half new, so whoever looks has to
 * stand any value.
 */
final class Opaque
{
    private Opaque()
    {
    }

    /**
     * Prepare the look at a field of the class that calls.
     *
     * @param lookup of that class.
     * @param name   of its field.
     * @param type   of its field.
     * @return what to call {@link VarHandle#getOpaque} on.
     */
    static VarHandle field(final MethodHandles.Lookup lookup, final String name, final Class<?> type)
    {
        try
        {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }
}
