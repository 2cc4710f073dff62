package io.kekbit.aeron.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two networks of Linux, one for each host, and a cable between them. What goes through the cable can be lost, doubled
 * and reordered by the kernel. Takes root, {@code ip} and {@code tc}.
 */
final class Networks implements AutoCloseable
{
    static final String SOURCE_ADDRESS = "10.231.77.1";

    private static final String TARGET_ADDRESS = "10.231.77.2";
    private static final String SOURCE_END = "kekbit-s";
    private static final String TARGET_END = "kekbit-t";
    private static final long PATIENCE_S = 10;
    private static final String ROUGH = " root netem delay 1ms 500us loss 1% duplicate 1% reorder 25% 50%";

    private final String source = "kekbit-source-" + ProcessHandle.current().pid();
    private final String target = "kekbit-target-" + ProcessHandle.current().pid();

    private Networks()
    {
    }

    /**
     * Make them.
     *
     * @return the networks, or null where they cannot be made.
     */
    static Networks tryCreate()
    {
        final Networks networks = new Networks();
        if (networks.isMade())
        {
            return networks;
        }
        networks.close();

        return null;
    }

    private boolean isMade()
    {
        return isDone("ip netns add " + source) &&
            isDone("ip netns add " + target) &&
            isDone("ip -n " + source + " link add " + SOURCE_END + " type veth peer name " + TARGET_END +
                " netns " + target) &&
            isDone("ip -n " + source + " addr add " + SOURCE_ADDRESS + "/24 dev " + SOURCE_END) &&
            isDone("ip -n " + target + " addr add " + TARGET_ADDRESS + "/24 dev " + TARGET_END) &&
            isDone("ip -n " + source + " link set lo up") &&
            isDone("ip -n " + target + " link set lo up") &&
            isDone("ip -n " + source + " link set " + SOURCE_END + " up") &&
            isDone("ip -n " + target + " link set " + TARGET_END + " up");
    }

    /**
     * Let the kernel be rough to what is sent in either direction.
     *
     * @return whether this kernel can.
     */
    boolean tryRoughen()
    {
        return isDone("tc -n " + source + " qdisc add dev " + SOURCE_END + ROUGH) &&
            isDone("tc -n " + target + " qdisc add dev " + TARGET_END + ROUGH);
    }

    /**
     * What the kernel has counted at the source's end of the cable.
     */
    String statistics()
    {
        return "[" + run("tc -n " + source + " -s qdisc show dev " + SOURCE_END).replaceAll("\\s+", " ") + "]";
    }

    List<String> sourceStarter()
    {
        return List.of("ip", "netns", "exec", source);
    }

    List<String> targetStarter()
    {
        return List.of("ip", "netns", "exec", target);
    }

    private static boolean isDone(final String command)
    {
        final String said = run(command);
        if (!said.isEmpty())
        {
            System.out.println(command + ": " + said);
        }

        return said.isEmpty();
    }

    /**
     * Run a command.
     *
     * @return what it says; nothing for one that does what it is told.
     */
    private static String run(final String command)
    {
        try
        {
            final Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();

                return "no end";
            }

            return process.exitValue() == 0 ? said : "status=" + process.exitValue() + " " + said;
        }
        catch (final IOException ex)
        {
            return ex.toString();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();

            return ex.toString();
        }
    }

    @Override
    public void close()
    {
        // The cable goes with the networks.
        run("ip netns del " + source);
        run("ip netns del " + target);
    }
}
