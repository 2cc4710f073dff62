package io.kekbit.aeron.faults;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A source host and a target host, each with its media driver, in four processes. They share nothing but the network
 * between them; that their folders are beside each other is for the test.
 */
final class Site implements AutoCloseable
{
    static final String LOOPBACK = "127.0.0.1";

    /**
     * What can be killed.
     */
    enum Part
    {
        /** The driver of the source. */
        SOURCE_DRIVER,
        /** What reads channels and sends them. */
        SOURCE_HOST,
        /** The driver of the target. */
        TARGET_DRIVER,
        /** What receives channels and writes copies. */
        TARGET_HOST
    }

    private final Path folder;
    private final String stream;
    private final Map<Part, Child> children = new EnumMap<>(Part.class);
    private final Map<Part, String> roughness = new EnumMap<>(Part.class);
    private final Map<Part, List<String>> starters = new EnumMap<>(Part.class);
    private final String requestPort = ":" + Ports.free();
    private final String responsePort = ":" + Ports.free();
    private final String livePort = ":" + Ports.free();
    private String sourceAddress = LOOPBACK;
    private boolean isLive;
    private long seed;

    /**
     * Nothing runs yet.
     *
     * @param folder for both roots and the files of the drivers.
     * @param stream to copy: the id of a channel, or the name of a series.
     * @param seed   of the network's roughness.
     */
    Site(final Path folder, final String stream, final long seed)
    {
        this.folder = folder;
        this.stream = stream;
        this.seed = seed;
    }

    /**
     * Let drivers be rough to datagrams, as {@link Roughness} says.
     */
    Site roughness(final String ofSourceDriver, final String ofTargetDriver)
    {
        roughness.put(Part.SOURCE_DRIVER, ofSourceDriver);
        roughness.put(Part.TARGET_DRIVER, ofTargetDriver);

        return this;
    }

    /**
     * Start the processes of the hosts by commands, in networks of their own for instance.
     */
    Site starters(final List<String> ofSource, final List<String> ofTarget, final String addressOfSource)
    {
        starters.put(Part.SOURCE_DRIVER, ofSource);
        starters.put(Part.SOURCE_HOST, ofSource);
        starters.put(Part.TARGET_DRIVER, ofTarget);
        starters.put(Part.TARGET_HOST, ofTarget);
        sourceAddress = addressOfSource;

        return this;
    }

    /**
     * Let the source send its series live, too, and the target host that is started first listen.
     */
    Site live()
    {
        isLive = true;

        return this;
    }

    boolean isLive()
    {
        return isLive;
    }

    Path sourceRoot()
    {
        return folder.resolve("source");
    }

    Path targetRoot()
    {
        return folder.resolve("target");
    }

    /**
     * Start all but the target host.
     */
    Site startAllButTarget() throws InterruptedException
    {
        start(Part.SOURCE_DRIVER).await(DriverMain.UP);
        start(Part.TARGET_DRIVER).await(DriverMain.UP);
        start(Part.SOURCE_HOST).await(Hosts.UP);

        return this;
    }

    /**
     * Start all.
     */
    Site startAll() throws InterruptedException
    {
        startAllButTarget();
        start(Part.TARGET_HOST).await(Hosts.UP);

        return this;
    }

    /**
     * Start one that does not run.
     */
    Child start(final Part part)
    {
        final List<String> starter = starters.getOrDefault(part, List.of());
        final String rough = roughness.getOrDefault(part, DriverMain.SMOOTH);
        final Child child = switch (part)
        {
            case SOURCE_DRIVER, TARGET_DRIVER ->
                Child.start(starter, DriverMain.class, driverFolder(part), rough, ++seed);
            case SOURCE_HOST -> Child.start(
                starter, SourceMain.class, sourceRoot(), driverFolder(Part.SOURCE_DRIVER), requests(), responses(),
                isLive ? liveChannel() : "", stream);
            case TARGET_HOST -> startTarget(targetRoot(), isLive ? liveEndpoint() : "");
        };
        children.put(part, child);

        return child;
    }

    /**
     * Start one more target host, on the same driver.
     */
    Child startTarget(final Path root)
    {
        return startTarget(root, "");
    }

    private Child startTarget(final Path root, final String liveChannel)
    {
        return Child.start(
            starters.getOrDefault(Part.TARGET_HOST, List.of()), TargetMain.class,
            root, driverFolder(Part.TARGET_DRIVER), requests(), responses(), stream, liveChannel);
    }

    /**
     * Kill one by SIGKILL and start it again.
     */
    void killAndRestart(final Part part) throws InterruptedException
    {
        final Child child = child(part);
        assertTrue(child.kill(), part + " had ended:\n" + child.printed());
        start(part).await(DriverMain.UP);
    }

    Child child(final Part part)
    {
        return children.get(part);
    }

    /**
     * Whether all four live.
     */
    void assertAlive()
    {
        children.forEach((part, child) -> assertTrue(child.isAlive(), part + " ended:\n" + child.printed()));
    }

    /**
     * What all have printed that nobody looked at.
     */
    String printed()
    {
        final StringBuilder all = new StringBuilder();
        children.forEach((part, child) -> all.append(part).append(":\n").append(child.printed()).append('\n'));

        return all.toString();
    }

    private String driverFolder(final Part part)
    {
        return folder.resolve(part == Part.SOURCE_DRIVER ? "source-driver" : "target-driver").toString();
    }

    private String requests()
    {
        return "aeron:udp?endpoint=" + sourceAddress + requestPort;
    }

    private String responses()
    {
        return "aeron:udp?control=" + sourceAddress + responsePort;
    }

    private String liveChannel()
    {
        return "aeron:udp?control=" + sourceAddress + livePort + "|control-mode=dynamic";
    }

    private String liveEndpoint()
    {
        return liveChannel() + "|endpoint=" + LOOPBACK + ":0";
    }

    @Override
    public void close()
    {
        children.values().forEach(Child::close);
    }
}
