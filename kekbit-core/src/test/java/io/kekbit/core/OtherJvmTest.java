package io.kekbit.core;

import io.kekbit.core.exceptions.UnsupportedPlatformException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What depends on how the JVM was started: without the flag that Agrona needs, and without bounds checks.
 */
@Tag("life-cycle")
class OtherJvmTest
{
    @TempDir
    private Path root;

    @Test
    void shouldNameFlagInOneSentenceWhenJvmLacksIt() throws IOException, InterruptedException
    {
        for (final String what : List.of("create", "open"))
        {
            try (ChildJvm child = ChildJvm.start(List.of(), WithoutFlag.class, root, what))
            {
                final String output = child.awaitEnd();

                assertTrue(
                    output.startsWith("the JVM was started without the flag that Agrona needs: add " +
                        "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED to the java command"),
                    output);
                assertEquals(0, child.exitStatus());
            }
        }
    }

    @Test
    void shouldRefuseWhenProcessorIsBigEndian()
    {
        final UnsupportedPlatformException ex = assertThrows(
            UnsupportedPlatformException.class, () -> Platform.check(true, ByteOrder.BIG_ENDIAN, false));

        assertTrue(ex.getMessage().contains("big endian"), ex.getMessage());
    }

    @Test
    void shouldRefuseWhenSystemIsWindows()
    {
        final UnsupportedPlatformException ex = assertThrows(
            UnsupportedPlatformException.class, () -> Platform.check(true, ByteOrder.LITTLE_ENDIAN, true));

        assertTrue(ex.getMessage().contains("Windows"), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseEveryCallAfterCloseWhetherBoundsAreCheckedOrNot(final boolean isChecked)
        throws IOException, InterruptedException
    {
        final List<String> flags =
            List.of(ChildJvm.AGRONA_FLAG, "-ea", "-Dagrona.disable.bounds.checks=" + !isChecked);
        try (ChildJvm child = ChildJvm.start(flags, AfterClose.class, root, isChecked))
        {
            final String said = child.readLine();
            assertEquals("all refused", said, () -> said + rest(child));
            final int calls = Integer.parseInt(child.readLine());
            assertEquals("", child.awaitEnd());
            assertEquals(0, child.exitStatus());
            assertTrue(calls > 300, "calls=" + calls);
            Evidence.print("use after close", "boundsChecks", isChecked, "calls", calls, "crashes", 0);
        }
    }

    private static String rest(final ChildJvm child)
    {
        try
        {
            return child.awaitEnd();
        }
        catch (final IOException | InterruptedException ex)
        {
            return ex.toString();
        }
    }

    /**
     * Uses kekbit in a JVM that was started without the flag.
     */
    static final class WithoutFlag
    {
        private WithoutFlag()
        {
        }

        public static void main(final String[] args)
        {
            try
            {
                if (args[1].equals("create"))
                {
                    TestChannels.createSmall(Path.of(args[0]));
                }
                else
                {
                    ShmReader.open(Path.of(args[0]), 1);
                }
            }
            catch (final UnsupportedPlatformException ex)
            {
                System.out.println(ex.getMessage());
            }
        }
    }
}
