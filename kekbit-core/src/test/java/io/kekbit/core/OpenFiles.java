package io.kekbit.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * What this process has open or mapped, as Linux tells it; nothing elsewhere.
 */
final class OpenFiles
{
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private OpenFiles()
    {
    }

    /**
     * Whether it is told; says once that it is not.
     */
    static boolean isTold()
    {
        final boolean isTold = Files.exists(MAPS);
        if (!isTold && SAID.compareAndSet(false, true))
        {
            System.out.println("skipped: what is open and mapped is looked at where there is " + MAPS);
        }

        return isTold;
    }

    /**
     * The lines that tell of mappings of files below a folder, or of that file.
     */
    static List<String> mappings(final Path folderOrFile) throws IOException
    {
        if (!isTold())
        {
            return List.of();
        }
        final String name = resolved(folderOrFile);
        try (Stream<String> lines = Files.lines(MAPS))
        {
            return lines.filter((line) -> line.contains(name)).toList();
        }
    }

    /**
     * All files below a folder that are open or mapped, deleted ones included.
     */
    static List<String> below(final Path folder) throws IOException
    {
        final List<String> found = new ArrayList<>(mappings(folder));
        found.addAll(descriptors(folder));

        return found;
    }

    /**
     * The names of the files below a folder, or of that file, for each descriptor by which one is open.
     */
    static List<String> descriptors(final Path folderOrFile) throws IOException
    {
        final List<String> found = new ArrayList<>();
        if (isTold())
        {
            final String name = resolved(folderOrFile);
            try (Stream<Path> descriptors = Files.list(DESCRIPTORS))
            {
                for (final Path descriptor : descriptors.toList())
                {
                    final String target = target(descriptor);
                    if (target.contains(name))
                    {
                        found.add(target);
                    }
                }
            }
        }

        return found;
    }

    /**
     * The name that the operating system knows; a file that was deleted can still be open.
     */
    private static String resolved(final Path folderOrFile) throws IOException
    {
        return Files.exists(folderOrFile) ? folderOrFile.toRealPath().toString() :
            folderOrFile.getParent().toRealPath().resolve(folderOrFile.getFileName()).toString();
    }

    private static String target(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString();
        }
        catch (final IOException ex)
        {
            // Closed meanwhile: the one by which the list was read, for one.
            return "";
        }
    }
}
