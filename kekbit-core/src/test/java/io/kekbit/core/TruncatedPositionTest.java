package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.PositionDamagedException;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The file of a name that is cut short while its reader stores to it: the JVM throws an InternalError at the reader,
 * now or later, and goes on; whoever looks at the file then is told that it is damaged.
 * <p>
 * In a JVM of its own, since it may end with that, in the interpreter and in compiled code, which meet the fault
 * differently.
 */
@Tag("damage")
class TruncatedPositionTest
{
    private static final int ROUNDS = 5;

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation"})
    void shouldGoOnWhenFileIsCutShortWhileMapped(final String mode) throws Exception
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
        try (ChildJvm child = ChildJvm.start(List.of(ChildJvm.AGRONA_FLAG, mode), Storing.class, root))
        {
            final String output = child.awaitEnd();

            assertEquals(0, child.exitStatus(), output);
            assertEquals("damaged " + ROUNDS + " told\n", output);
        }
    }

    /**
     * Stores to files that are cut short.
     */
    static final class Storing
    {
        private Storing()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Path root = Path.of(args[0]);
            final Path folder = root.resolve("positions");
            int damaged = 0;
            int told = 0;
            for (int round = 0; round < ROUNDS; round++)
            {
                final String name = "name-" + round;
                final NamedReader cut = NamedReader.open(folder, name, ShmReader.open(root, TestChannels.CHANNEL_ID));
                told += isTold(cut) ? 1 : 0;
                cut.close();
                damaged += isDamaged(folder, name) ? 1 : 0;
                try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID);
                    NamedReader named = NamedReader.open(folder, name, reader))
                {
                    System.out.println("opened " + named);
                }
                catch (final PositionDamagedException ex)
                {
                    // The name was let go of, else this would be another exception.
                    continue;
                }
            }
            System.out.println("damaged " + damaged + (told > 0 ? " told" : ""));
        }

        /**
         * Whether the JVM told that a page is gone.
         */
        private static boolean isTold(final NamedReader named) throws IOException
        {
            try
            {
                cutShort(named);

                return false;
            }
            catch (final InternalError ex)
            {
                return true;
            }
        }

        private static void cutShort(final NamedReader named) throws IOException
        {
            for (int i = 0; i < 20_000; i++)
            {
                named.store();
            }
            try (FileChannel channel = FileChannel.open(named.file(), StandardOpenOption.WRITE))
            {
                channel.truncate(0);
            }
            for (int i = 0; i < 1000; i++)
            {
                named.store();
            }
            named.close();
        }

        private static boolean isDamaged(final Path folder, final String name)
        {
            try
            {
                return NamedPosition.of(folder, name).position() < 0;
            }
            catch (final ChannelException ex)
            {
                return ex instanceof PositionDamagedException;
            }
        }
    }
}
