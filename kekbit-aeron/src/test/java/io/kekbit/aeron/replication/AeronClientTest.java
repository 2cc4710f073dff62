package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.logbuffer.BufferClaim;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Clients of an agent's own.
 */
class AeronClientTest
{
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldKeepLogsMappedForAgentThatIsHeldUpWhenDriverIsLost()
    {
        final MediaDriver driver = hosts.driver(Hosts.driverContext());
        final AeronClient client = AeronClient.of(Hosts.client(driver));
        assertTrue(client.connect());
        final Subscription subscription = client.aeron().addSubscription("aeron:ipc", 1);
        final ExclusivePublication publication = client.aeron().addExclusivePublication("aeron:ipc", 1);
        Hosts.runUntil(publication::isConnected);
        final BufferClaim claim = new BufferClaim();
        assertTrue(publication.tryClaim(64, claim) > 0);
        final long closingNs = System.nanoTime();
        driver.close();
        Hosts.runUntil(client::isLost);

        // In the middle of a copy, as when a page has to come from the device. The JVM would end if it were unmapped,
        // as it is three seconds after the client saw the driver's end: a machine that was busy for a second shows
        // nothing here.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        if (System.nanoTime() - closingNs < TimeUnit.SECONDS.toNanos(1))
        {
            claim.buffer().setMemory(claim.offset(), claim.length(), (byte)1);
        }
        assertTrue(publication.isClosed());
        assertTrue(subscription.isClosed());
        client.close();
    }

    @Test
    void shouldWaitForNobodyWhenAgentClosesClient()
    {
        final AeronClient client = AeronClient.of(Hosts.client(hosts.driver()));
        assertTrue(client.connect());
        final Aeron aeron = client.aeron();
        assertTrue(aeron.context().closeLingerDurationNs() > 0);
        client.close();

        assertTrue(aeron.isClosed());
        assertEquals(0, aeron.context().closeLingerDurationNs());
    }

    @Test
    void shouldRefuseContextWhenItsClientIsToBeInvoked()
    {
        final Aeron.Context context = new Aeron.Context().useConductorAgentInvoker(true);

        assertThrows(IllegalArgumentException.class, () -> AeronClient.of(context));
    }

    @Test
    void shouldLeaveLingerDurationAsItIsWhenContextHasOne()
    {
        final AeronClient client = AeronClient.of(Hosts.client(hosts.driver()).closeLingerDurationNs(1_000));
        assertTrue(client.connect());

        assertEquals(1_000, client.aeron().context().closeLingerDurationNs());
        client.close();
    }
}
