package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is wrong in the Rust crate, and is not here: its file ends 864 bytes before its record area does, readers map it
 * writable, and its pages have no place on the device before they are written. The rest is shown elsewhere: a full
 * channel of the crate's in {@link RustChannelTest}, what killed or racing creators leave in {@link CreationTest}, lost
 * pages in {@link SuspectTest} and {@link PowerLossTest}, full disks in {@link DiskFullTest}.
 */
@Tag("file-faults")
class CrateDefectsTest
{
    private static final int RECORD_LENGTH = 64;

    @TempDir
    private Path root;

    /**
     * Files of these lengths of the crate's, capacity + 160, end with a page (20,320 and 65,376), a word before or
     * behind that, and somewhere else. The crate's process dies by the first, and loses records by the others.
     */
    @ParameterizedTest
    @ValueSource(ints = {20_312, 20_320, 20_328, 65_376, 16_384, 16_392, 17_000})
    void shouldReadBackEveryRecordWhenAnotherProcessFilledChannelToItsEnd(final int capacity)
        throws IOException, InterruptedException
    {
        final int written;
        try (ChildJvm child = ChildJvm.start(List.of(ChildJvm.AGRONA_FLAG), Filler.class, root, capacity))
        {
            final String line = child.readLine();
            assertTrue(line != null && line.startsWith("filled "), line);
            written = Integer.parseInt(line.substring("filled ".length()));
            assertEquals("", child.awaitEnd());
            assertEquals(0, child.exitStatus());
        }

        assertEquals((capacity - 16 - 8) / (RECORD_LENGTH + 8), written);
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            final List<byte[]> records = TestChannels.readAll(reader);
            assertEquals(written, records.size());
            for (int i = 0; i < written; i++)
            {
                assertArrayEquals(record(i), records.get(i), "record " + i);
            }
            assertSame(ReaderState.FULL, reader.state());
            assertEquals(capacity - 16, reader.position());
        }
        assertTrue(Files.size(TestChannels.file(root)) >= 1024 + capacity + 32);
    }

    @Test
    void shouldMapForReadingOnlyWhenReaderIsOpen() throws IOException
    {
        Assumptions.assumeTrue(isLinux("how a reader maps the file"));
        TestChannels.createSmall(root).close();
        final Path file = TestChannels.file(root);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            assertSame(ReaderState.OPEN, reader.state());
            final List<String> mappings = OpenFiles.mappings(file);
            assertTrue(mappings.size() > 0, "the file is not mapped");
            for (final String mapping : mappings)
            {
                assertTrue(mapping.contains(" r--s "), mapping);
            }
        }
        assertEquals(List.of(), OpenFiles.below(root));
    }

    /**
     * The control of the test before.
     */
    @Test
    void shouldSeeWritableMappingWhenWriterIsOpen() throws IOException
    {
        Assumptions.assumeTrue(isLinux("how a writer maps the file"));
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            assertEquals(8, writer.writeOffset());
            // By the name under which the file was made, which is gone.
            final List<String> mappings = OpenFiles.mappings(root);
            assertTrue(mappings.stream().anyMatch((line) -> line.contains(" rw-s ")), mappings.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_384, 1_000_000, 64 * 1024 * 1024})
    void shouldHaveItsPlaceOnDeviceForEveryPageWhenCreated(final int capacity) throws IOException, InterruptedException
    {
        Assumptions.assumeTrue(isLinux("how many blocks a file takes"));
        try (ShmWriter<RawBinDataFormat> writer = create(root, capacity))
        {
            final long allocated = allocated(writer.file());
            assertTrue(allocated >= Files.size(writer.file()), "allocated=" + allocated);
        }
        final Path sparse = root.resolve("sparse");
        Files.write(sparse, new byte[1]);
        try (SeekableByteChannel channel = Files.newByteChannel(sparse, StandardOpenOption.WRITE))
        {
            channel.position(capacity).write(ByteBuffer.wrap(new byte[1]));
        }
        assertTrue(allocated(sparse) < capacity, "it is not seen that a file is sparse");
    }

    private static boolean isLinux(final String what)
    {
        if (!OpenFiles.isTold())
        {
            System.out.println("skipped: " + what + ", which only Linux tells");
        }

        return OpenFiles.isTold();
    }

    /**
     * The bytes on the device that a file takes.
     */
    private static long allocated(final Path file) throws IOException, InterruptedException
    {
        final Process stat = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        final String[] answer =
            new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim().split(" ");
        assertEquals(0, stat.waitFor());

        return Long.parseLong(answer[0]) * Long.parseLong(answer[1]);
    }

    private static ShmWriter<RawBinDataFormat> create(final Path root, final int capacity)
    {
        final Header header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID).capacity(capacity).maxMessageLength(RECORD_LENGTH).build();

        return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
    }

    private static byte[] record(final int i)
    {
        return TestChannels.fixtureRecord(i + 1, RECORD_LENGTH);
    }

    /**
     * Fills a channel, and ends without closing it.
     */
    static final class Filler
    {
        private Filler()
        {
        }

        public static void main(final String[] args)
        {
            final ShmWriter<RawBinDataFormat> writer = create(Path.of(args[0]), Integer.parseInt(args[1]));
            int written = 0;
            while (writer.tryWrite(new UnsafeBuffer(record(written)), 0, RECORD_LENGTH) > 0)
            {
                written++;
            }
            while (writer.tryHeartbeat() > 0)
            {
                continue;
            }
            System.out.println("filled " + written);
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }
}
