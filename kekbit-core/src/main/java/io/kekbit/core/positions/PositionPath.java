package io.kekbit.core.positions;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where the files of a name are.
 */
final class PositionPath
{
    static final String SUFFIX = ".position";

    private static final String LOCK_SUFFIX = ".reader";
    private static final String TEMPORARY_SUFFIX = ".tmp";

    // Fits into the file, into a file's name on every system, and into a table on a terminal.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private PositionPath()
    {
    }

    /**
     * The file of a name.
     *
     * @throws IllegalArgumentException where the name is none.
     */
    static Path file(final Path folder, final String name)
    {
        if (!isName(name))
        {
            throw new IllegalArgumentException("name=\"" + name + "\" is not 1 to 64 of the characters A-Z a-z 0-9 " +
                ". _ - that begin with a letter or a digit");
        }

        return folder.resolve(name + SUFFIX);
    }

    static boolean isName(final String name)
    {
        return NAME.matcher(name).matches();
    }

    /**
     * The name that a file is of, or null where it is none's.
     */
    static String name(final Path file)
    {
        final String fileName = file.getFileName().toString();
        if (!fileName.endsWith(SUFFIX))
        {
            return null;
        }
        final String name = fileName.substring(0, fileName.length() - SUFFIX.length());

        return isName(name) ? name : null;
    }

    /**
     * The file that the living reader of a name has locked.
     */
    static Path lockFile(final Path file)
    {
        final String fileName = file.getFileName().toString();

        return file.resolveSibling(fileName.substring(0, fileName.length() - SUFFIX.length()) + LOCK_SUFFIX);
    }

    /**
     * What the file is before it has its name. Only the holder of the lock makes it.
     */
    static Path temporaryFile(final Path file)
    {
        return file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    }
}
