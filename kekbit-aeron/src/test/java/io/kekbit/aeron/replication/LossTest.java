package io.kekbit.aeron.replication;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What the network loses, doubles or reorders, the copy does not.
 */
class LossTest
{
    private static final long ID = 9;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();
    private final Events targetEvents = new Events();

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1})
    void shouldCopyExactlyWhenNetworkLosesDoublesAndReorders(final double rate)
    {
        final long seed = System.nanoTime();
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver(
            Hosts.driverContext().receiveChannelEndpointSupplier(LossyEndpoint.supplier(rate, seed)))).build());
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver(
            Hosts.driverContext().receiveChannelEndpointSupplier(LossyEndpoint.supplier(rate, seed + 10))))
            .channel(ID).listener(targetEvents).build());
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 4 << 20, 4_000), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 1_000, 4_000);
        }
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(ChannelPath.file(from, ID), ChannelPath.file(to, ID));
        assertEquals(0, targetEvents.discontinuities(), "seed=" + seed + " " + targetEvents);
    }
}
