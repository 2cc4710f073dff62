package io.kekbit.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process has open or mapped, as Linux tells it; nothing elsewhere.
 */
final class OpenFiles
{
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles()
    {
    }

    static boolean isTold()
    {
        return Files.exists(MAPS);
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
        try (Stream<String> lines = Files.lines(MAPS))
        {
            return lines.filter((line) -> line.contains(folderOrFile.toString())).toList();
        }
    }

    /**
     * All files below a folder that are open or mapped, deleted ones included.
     */
    static List<String> below(final Path folder) throws IOException
    {
        final List<String> found = new ArrayList<>(mappings(folder));
        if (isTold())
        {
            try (Stream<Path> descriptors = Files.list(DESCRIPTORS))
            {
                for (final Path descriptor : descriptors.toList())
                {
                    final String target = target(descriptor);
                    if (target.contains(folder.toString()))
                    {
                        found.add(target);
                    }
                }
            }
        }

        return found;
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
