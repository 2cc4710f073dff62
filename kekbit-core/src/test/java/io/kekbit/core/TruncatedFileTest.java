package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A file that is cut short while a reader has it mapped: its pages are gone, and the next look at one of them is a
 * fault. The reader turns CORRUPT, or the JVM throws an InternalError at who called it; the JVM goes on.
 * <p>
 * All of it happens in a JVM of its own, since it may end with that, and once in the interpreter and once in compiled
 * code, which meet the fault differently.
 */
@Tag("damage")
class TruncatedFileTest
{
    private static final int CAPACITY = 48 * 1024;
    private static final int RECORDS = 400;
    private static final int MAX_PAYLOAD = 100;
    private static final int READ_BEFORE = 10;
    private static final int POLL_LIMIT = 64;
    private static final int MAX_CALLS = 10_000;
    private static final int MAX_ERRORS = 20;
    private static final int WARM_UPS = 80;
    private static final String[] CALLS = {"read", "next", "state", "moveTo", "moveToEnd", "seekToTime"};
    private static final int[] LENGTHS = {0, 4 * 4096, 4 * 4096 + 1000};

    private static int cases;
    private static int corrupt;
    private static int internalErrors;
    private static int jvmDeaths;

    @TempDir
    private Path root;

    @AfterAll
    static void printEvidence()
    {
        Evidence.print(
            "truncated while mapped", "cases", cases, "corrupt", corrupt, "internalErrors", internalErrors,
            "jvmDeaths", jvmDeaths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation"})
    void shouldBeCorruptOrThrowWhenFileIsCutShortWhileMapped(final String mode) throws Exception
    {
        final List<String> outcomes = new ArrayList<>();
        try (ChildJvm child = start(mode, Reading.class))
        {
            final String output = child.awaitEnd();
            jvmDeaths += child.exitStatus() == 0 ? 0 : 1;
            assertEquals(0, child.exitStatus(), output);
            output.lines().filter(line -> line.startsWith("case ")).forEach(outcomes::add);
        }

        cases += outcomes.size();
        assertEquals(2 * CALLS.length * LENGTHS.length, outcomes.size());
        for (final String outcome : outcomes)
        {
            final boolean isTold = !outcome.contains(" errors=0 ");
            final boolean isCorrupt = outcome.endsWith(" CORRUPT");
            corrupt += isCorrupt && !isTold ? 1 : 0;
            internalErrors += isTold ? 1 : 0;
            assertTrue(isCorrupt, outcome);
        }
    }

    /**
     * A status that is asked for while the file is cut short, in every place where that can be.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation"})
    void shouldSayTooShortWhenFileIsCutShortWhileItIsLookedAt(final String mode) throws Exception
    {
        try (ChildJvm child = start(mode, Looking.class))
        {
            final String output = child.awaitEnd();

            assertEquals(0, child.exitStatus(), output);
            assertTrue(output.contains("told " + LENGTHS.length), output);
        }
    }

    /**
     * Why a reader copies a record before it makes its checksum, and that a JVM which ends would be noticed here.
     */
    @Test
    void shouldSeeJvmEndWhenChecksumIsMadeOfPagesThatAreGone() throws Exception
    {
        try (ChildJvm child = start("-XX:+TieredCompilation", Checksum.class))
        {
            final String output = child.awaitEnd();

            assertNotEquals(0, child.exitStatus(), output);
            assertTrue(output.contains("SIGBUS"), output);
        }
    }

    private ChildJvm start(final String mode, final Class<?> mainClass)
    {
        return ChildJvm.start(
            List.of(ChildJvm.AGRONA_FLAG, mode, "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + root + "/crash.log"),
            mainClass,
            root,
            mode);
    }

    /**
     * Makes a checksum of a mapping right away.
     */
    static final class Checksum
    {
        private Checksum()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            try (FileChannel file = FileChannel.open(
                Path.of(args[0], "mapped"), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE))
            {
                final MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, CAPACITY);
                file.truncate(0);
                final CRC32C crc = new CRC32C();
                crc.update(mapped);
                System.out.println(crc.getValue());
            }
        }
    }

    /**
     * Asks for the status of a channel that is cut short once it is mapped.
     */
    static final class Looking
    {
        private Looking()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Path root = Path.of(args[0]);
            final byte[] content = Reading.write(root.resolve("whole"), true);
            int told = 0;
            for (final int length : LENGTHS)
            {
                final Path copy = Files.write(root.resolve("copy" + length), content);
                try
                {
                    System.out.println(ChannelStatus.of(cutting(length), copy, SystemEpochNanoClock.INSTANCE));
                }
                catch (final FileTooShortException | InternalError ex)
                {
                    System.out.println(ex);
                    told++;
                }
            }
            System.out.println("told " + told);
        }

        private static ChannelFiles cutting(final int length)
        {
            return new ChannelFiles()
            {
                @Override
                MappedByteBuffer map(
                    final Path path, final FileChannel.MapMode mode, final long offset, final long mappedLength)
                    throws IOException
                {
                    final MappedByteBuffer mapped = super.map(path, mode, offset, mappedLength);
                    // The index is mapped behind what is cut.
                    if (offset > 0)
                    {
                        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE))
                        {
                            file.truncate(length);
                        }
                    }

                    return mapped;
                }
            };
        }
    }

    /**
     * Reads channels that it cuts short, and prints what comes of it.
     */
    static final class Reading
    {
        private static long sum;
        private static long channels;
        private static long end;
        private static int errors;
        private static ReaderState state;

        private Reading()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Path root = Path.of(args[0]);
            ChildJvm.endWithParent();
            final int warmUps = args[1].equals("-Xint") ? 1 : WARM_UPS;
            for (final boolean hasChecksum : new boolean[] {false, true})
            {
                final byte[] content = write(root.resolve("whole" + hasChecksum), hasChecksum);
                for (final String call : CALLS)
                {
                    for (final int length : LENGTHS)
                    {
                        errors = 0;
                        state = null;
                        while (state == null && errors < MAX_ERRORS)
                        {
                            try
                            {
                                cut(root.resolve("copy" + ++channels), content, call, length, warmUps);
                            }
                            catch (final InternalError ex)
                            {
                                // Told late, after the reader was asked, or while the next channel was being made.
                                errors++;
                            }
                        }
                        settle();
                        System.out.println("case " + args[1] + " checksum=" + hasChecksum + " call=" + call +
                            " length=" + length + " errors=" + errors + " " + state);
                    }
                }
            }
            System.out.println("sum " + sum);
        }

        /**
         * Give the JVM the occasion to tell what it has not told yet, so that it does not while a case is printed: it
         * does so on the way out of what is written in C, such as printing.
         */
        private static void settle()
        {
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    System.out.println("settling");
                }
                catch (final InternalError ex)
                {
                    errors++;
                }
            }
        }

        private static byte[] write(final Path root, final boolean hasChecksum) throws IOException
        {
            final Header header = Header.builder()
                .channelId(TestChannels.CHANNEL_ID).capacity(CAPACITY).maxMessageLength(2 * MAX_PAYLOAD).build();
            final ShmWriterBuilder<RawBinDataFormat> builder =
                ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE);
            try (Writer<?> writer = hasChecksum ? EnvelopeWriter.create(
                builder, new TimestampHandler(TickUnit.NANOS), new SequenceHandler(), new ChecksumHandler()) :
                builder.create())
            {
                for (int number = 1; number <= RECORDS; number++)
                {
                    if (NumberedRecords.tryWrite(writer, number, MAX_PAYLOAD) < 0)
                    {
                        throw new IllegalStateException("the channel is too short");
                    }
                }
                end = writer.writeOffset();
            }

            return Files.readAllBytes(TestChannels.file(root));
        }

        private static void cut(
            final Path root, final byte[] content, final String call, final int length, final int warmUps)
            throws IOException
        {
            Files.createDirectories(TestChannels.file(root).getParent());
            Files.write(TestChannels.file(root), content);
            try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
            {
                for (int i = 0; i < warmUps; i++)
                {
                    reader.moveTo(0);
                    use(reader, call);
                }
                reader.moveTo(0);
                for (int i = 0; i < READ_BEFORE; i++)
                {
                    reader.next();
                }
                try (FileChannel file = FileChannel.open(reader.file(), StandardOpenOption.WRITE))
                {
                    file.truncate(length);
                }

                goOn(reader, call);
            }
        }

        /**
         * Go on as before, and then to whatever end there is.
         */
        private static void goOn(final ShmReader reader, final String call)
        {
            int tries = 0;
            long before = -1;
            while (tries < MAX_CALLS && (tries < 2 || state == null || reader.position() != before))
            {
                before = reader.position();
                try
                {
                    use(reader, tries++ == 0 ? call : "read");
                    state = reader.state();
                }
                catch (final InternalError ex)
                {
                    errors++;
                    state = null;
                }
            }
        }

        /**
         * Go on reading to the end by one kind of call.
         */
        private static void use(final ShmReader reader, final String call)
        {
            switch (call)
            {
                case "read" ->
                {
                    for (long before = -1; before != reader.position(); )
                    {
                        before = reader.position();
                        reader.read(Reading::take, POLL_LIMIT);
                    }
                }
                case "next" ->
                {
                    while (reader.next())
                    {
                        take(reader.buffer(), reader.offset(), reader.length(), 0, 0);
                    }
                }
                case "state" ->
                {
                    while (reader.state() == ReaderState.OPEN && reader.next())
                    {
                        continue;
                    }
                }
                case "moveTo" ->
                {
                    try
                    {
                        reader.moveTo(end);
                    }
                    catch (final UnavailablePositionException ex)
                    {
                        // The way there ends where the file does; reading on leads to the same place.
                        assertEquals(end, ex.position());
                    }
                }
                case "seekToTime" ->
                {
                    reader.seekToTime(Long.MAX_VALUE);
                    reader.seekToRecord(RECORDS);
                }
                default -> reader.moveToEnd();
            }
        }

        private static void take(
            final DirectBuffer buffer, final int offset, final int length, final long position, final long next)
        {
            sum += buffer.getByte(offset) + buffer.getByte(offset + length - 1);
        }
    }
}
