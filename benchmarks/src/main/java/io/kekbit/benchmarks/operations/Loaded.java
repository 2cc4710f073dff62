package io.kekbit.benchmarks.operations;

import java.nio.file.Path;

/**
 * What the JVM has seen before it is measured. The JIT compiler compiles a call for the types that came by, so that a
 * benchmark with one type of everything can be faster than any application.
 */
public enum Loaded
{
    /**
     * Nothing but what is measured.
     */
    ONE,

    /**
     * Four types of encodable, handler, data format and SBE encoder, through all methods that take them.
     */
    FOUR,

    /**
     * As {@link #FOUR}, and three types of buffer to copy from. Agrona asks a source where it is through an interface,
     * by hand as in kekbit.
     */
    SOURCES;

    /**
     * Let the JVM see it.
     *
     * @param folder for channels, which are removed again.
     */
    void load(final Path folder)
    {
        if (this != ONE)
        {
            new Load(folder, this == SOURCES).run();
        }
    }
}
