package io.kekbit.benchmarks.compare;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JvmFlagsTest
{
    @ParameterizedTest
    @ValueSource(strings = {"agrona-ring", "aeron-ipc"})
    void shouldSwitchAgronasChecksOffForPeersThatRecommendIt(final String subject)
    {
        assertTrue(JvmFlags.command(false, subject).contains("-Dagrona.disable.bounds.checks=true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kekbit", "kekbit-cold", "floor-buffer", "floor-words", "chronicle-queue"})
    void shouldHaveTheFlagsOfAllForOthers(final String subject)
    {
        assertEquals(JvmFlags.command(false), JvmFlags.command(false, subject));
        assertFalse(JvmFlags.command(false, subject).contains("-Dagrona.disable.bounds.checks=true"));
    }

    @Test
    void shouldSwitchAllChecksOffForAllWhenUnchecked()
    {
        final List<String> kekbit = JvmFlags.command(true, "kekbit");

        assertTrue(kekbit.containsAll(List.of("-Dagrona.disable.bounds.checks=true", "-Dbytes.bounds.unchecked=true")));
        assertEquals(kekbit, JvmFlags.command(true, "aeron-ipc"));
    }
}
