package io.kekbit.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags of every JVM that measures, the same for all subjects but for one: Agrona's bounds checks are off for the
 * peers that are made to run without them: Aeron, whose settings for speed have them off, and Agrona's own ring.
 */
public final class JvmFlags
{
    /**
     * Switches the bounds checks of all of Agrona's buffers off.
     */
    public static final String AGRONA_UNCHECKED = "-Dagrona.disable.bounds.checks=true";

    private static final int WITH_NATIVE_ACCESS = 24;

    private static final List<String> FIXED = List.of(
        // A heap that neither grows nor faults while something is measured. Nothing that is measured fills it.
        "-Xms512m",
        "-Xmx512m",
        "-XX:+AlwaysPreTouch",
        // Its barriers are a card mark, and it has no concurrent threads that would take a core from those measured.
        "-XX:+UseParallelGC",
        // Histograms and statistics that a JVM writes into files of its own would be noise.
        "-XX:+PerfDisableSharedMem",
        "-Djava.awt.headless=true",
        // Agrona's.
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    // Those that Chronicle's own build names for Java 17 and later.
    private static final List<String> CHRONICLE = List.of(
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true");

    // A newer JVM warns of what the peers' native libraries and all users of Unsafe do.
    private static final List<String> QUIET = List.of(
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> UNCHECKED = List.of(AGRONA_UNCHECKED, "-Dbytes.bounds.unchecked=true");

    private static final List<String> UNCHECKED_SUBJECTS = List.of(Rows.RING.subject(), Rows.AERON.subject());

    private JvmFlags()
    {
    }

    /**
     * The flags for this JVM's version.
     *
     * @param isUnchecked whether Agrona, and so all that use it, and Chronicle check no bounds.
     * @return what comes between {@code java} and the class path.
     */
    public static List<String> flags(final boolean isUnchecked)
    {
        return flags(isUnchecked, Runtime.version().feature());
    }

    /**
     * The subjects whose JVMs have {@link #AGRONA_UNCHECKED} beside the flags of all.
     *
     * @return their names.
     */
    public static List<String> uncheckedSubjects()
    {
        return UNCHECKED_SUBJECTS;
    }

    static List<String> flags(final boolean isUnchecked, final int javaVersion)
    {
        final List<String> flags = new ArrayList<>(FIXED);
        flags.addAll(CHRONICLE);
        if (javaVersion >= WITH_NATIVE_ACCESS)
        {
            flags.addAll(QUIET);
        }
        if (isUnchecked)
        {
            flags.addAll(UNCHECKED);
        }

        return flags;
    }

    /**
     * The start of a command that runs a class with the flags, in the Java and on the class path of this JVM.
     *
     * @param isUnchecked whether no bounds are checked.
     * @return a new list, to which the class and its arguments are to be added.
     */
    public static List<String> command(final boolean isUnchecked)
    {
        return command(flags(isUnchecked));
    }

    /**
     * The same for a subject, with what its own makers set for speed.
     *
     * @param isUnchecked whether no bounds are checked, whoever is measured.
     * @param subject     that is measured.
     * @return a new list, to which the class and its arguments are to be added.
     */
    public static List<String> command(final boolean isUnchecked, final String subject)
    {
        final List<String> flags = flags(isUnchecked);
        if (!isUnchecked && UNCHECKED_SUBJECTS.contains(subject))
        {
            flags.add(AGRONA_UNCHECKED);
        }

        return command(flags);
    }

    private static List<String> command(final List<String> flags)
    {
        final List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));

        return command;
    }
}
