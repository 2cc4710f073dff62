package io.kekbit.benchmarks.compare;

import java.util.List;

/**
 * What one JVM is started for.
 *
 * @param name    of the command that measures.
 * @param subject what is measured: {@code kekbit}, one of the floors, or a peer.
 * @param store   where its files lie.
 * @param options that follow.
 * @param seconds that it takes, a guess that only the progress line needs.
 */
public record Measurement(String name, String subject, Store store, List<String> options, int seconds)
{
    /**
     * A name by which a person and a file system tell it from others.
     *
     * @return the name, of letters, digits, points and dashes.
     */
    public String key()
    {
        final String all = name + "." + subject + "." + store.label() + "." + String.join(".", options);

        return all.replaceAll("\\.?--", ".").replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("\\.+", ".")
            .replaceAll("[.-]$", "");
    }
}
