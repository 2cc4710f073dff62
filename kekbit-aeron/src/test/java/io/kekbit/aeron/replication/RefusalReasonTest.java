package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.RefusalCode;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FileTooShortException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What passes by itself ends no target.
 */
class RefusalReasonTest
{
    private static final Path FILE = Path.of("0000_0000", "0000_0001.kekbit");

    @Test
    void shouldBeTransientWhenOperatingSystemRefusesChannel()
    {
        final ChannelException thrown =
            new ChannelAccessException(FILE, "open the channel", new IOException("Too many open files"));

        assertSame(RefusalReason.SOURCE_UNAVAILABLE, RefusalReason.of(thrown));
        assertTrue(RefusalReason.SOURCE_UNAVAILABLE.isTransient());
    }

    @Test
    void shouldBeTransientWhenChannelIsDeleted()
    {
        assertTrue(RefusalReason.of(new ChannelNotFoundException(FILE)).isTransient());
    }

    @Test
    void shouldEndTargetWhenFileIsNoChannel()
    {
        assertFalse(RefusalReason.of(new FileTooShortException(FILE, 64, 1)).isTransient());
    }

    @Test
    void shouldKnowReasonOfEachCode()
    {
        for (final RefusalCode code : RefusalCode.values())
        {
            if (code != RefusalCode.NULL_VAL && code != RefusalCode.SBE_UNKNOWN)
            {
                assertEquals(code, RefusalReason.of(code).code());
            }
        }
    }
}
