package io.kekbit.core;

import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The order in which a writer stores and forces: content, watermark, length; records, durable position, its page.
 */
class StoreOrderTest
{
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final String WATERMARK = "=" + RecordDescriptor.WATERMARK;

    @TempDir
    private Path root;
    private final TracingFiles files = new TracingFiles();
    private ShmWriter<RawBinDataFormat> writer;

    @BeforeEach
    void create()
    {
        final Header header = TestChannels.smallHeader().creationTime(1).build();
        writer = ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).clock(() -> NOW).files(files).create();
        // The first record of a stride is followed by stores to the index; those have a test of their own.
        writer.write(TestChannels.bytes(8), 0, 8);
        files.takeTrace();
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @Test
    void shouldStoreContentThenWatermarkThenLengthWhenWriting()
    {
        writer.write(TestChannels.bytes(9), 0, 9);

        assertEquals(
            List.of("content 1056+9", "release 1072" + WATERMARK, "release 1048=9"), files.takeTrace());
    }

    @Test
    void shouldStoreWatermarkThenLengthWhenCommitting()
    {
        writer.claim(32);
        assertEquals(List.of(), files.takeTrace());
        writer.commit(3);

        assertEquals(List.of("release 1064" + WATERMARK, "release 1048=3"), files.takeTrace());
    }

    @Test
    void shouldOnlyZeroSlotWhenAborting()
    {
        writer.claim(32);
        writer.abort();

        assertEquals(List.of("zero 1056+32"), files.takeTrace());
    }

    @Test
    void shouldStoreWatermarkThenZeroThenHintWhenSendingHeartbeat()
    {
        writer.heartbeat();

        assertEquals(
            List.of("release 1056" + WATERMARK, "release 1048=0", "release 400=" + NOW, "release 392=32"),
            files.takeTrace());
    }

    @Test
    void shouldStoreIndexCountAfterPublicationWhenRecordIsFirstInItsStride()
    {
        while (writer.writeOffset() < 4096)
        {
            files.takeTrace();
            writer.write(TestChannels.bytes(112), 0, 112);
        }
        final long position = writer.writeOffset();
        files.takeTrace();
        writer.write(TestChannels.bytes(8), 0, 8);

        assertEquals(
            List.of(
                "content " + (1024 + position + 8) + "+8",
                "release " + (1024 + position + 16) + WATERMARK,
                "release " + (1024 + position) + "=8",
                "release 400=" + NOW,
                "release 392=" + (position + 16),
                "release 384=2"),
            files.takeTrace());
    }

    @Test
    void shouldForceRecordsThenStoreDurablePositionThenForceItWhenFlushing()
    {
        writer.flush();

        assertEquals(
            List.of(
                "release 400=" + NOW, "release 392=24",
                "force 1032+24", "release 448=24", "force 448+8"),
            files.takeTrace());
    }

    @Test
    void shouldForceOnlyWhatIsNewWhenFlushingAgain()
    {
        writer.flush();
        writer.write(TestChannels.bytes(8), 0, 8);
        files.takeTrace();
        writer.flush();

        assertTrue(files.takeTrace().contains("force 1048+24"));
    }

    @Test
    void shouldStoreCloseMarkerOnlyWhenEverythingBeforeItIsDurable()
    {
        writer.close();

        assertEquals(
            List.of(
                "release 400=" + NOW, "release 392=24",
                "force 1032+24", "release 448=24", "force 448+8", "force 0+128",
                "release 1048=" + RecordDescriptor.CLOSE, "force 1048+8"),
            files.takeTrace());
    }

    @Test
    void shouldPublishSignaturesLastWhenCreating(@TempDir final Path otherRoot)
    {
        final List<String> stores;
        try (ShmWriter<RawBinDataFormat> created = ShmWriter
            .builder(otherRoot, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).files(files).create())
        {
            assertEquals(8, created.writeOffset());
            stores = files.takeTrace().stream()
                .filter((line) -> !line.startsWith("content"))
                .dropWhile((line) -> line.equals("force folder"))
                .toList();
        }

        assertEquals("release 1032" + WATERMARK, stores.get(0));
        assertTrue(stores.get(1).startsWith("release 128="), stores.get(1));
        assertTrue(stores.get(2).startsWith("release 0="), stores.get(2));
        assertEquals(List.of("force 0+17440", "force file", "link", "force folder"), stores.subList(3, stores.size()));
    }

    @Test
    void shouldForceWhatIsGivenUpBeforeTellingOfItselfWhenResumedAfterRestart(@TempDir final Path otherRoot)
        throws IOException
    {
        final Path file = TestChannels.file(otherRoot);
        Files.createDirectories(file.getParent());
        Files.copy(writer.file(), file);
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);

        final List<String> trace;
        try (ShmWriter<RawBinDataFormat> resumed = ShmWriter
            .builder(otherRoot, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
            .discardSuspect(true)
            .files(files)
            .resume())
        {
            assertEquals(8, resumed.writeOffset());
            trace = files.takeTrace().stream().filter((line) -> !line.equals("force folder")).toList();
        }

        assertEquals(
            List.of(
                "release 1032" + WATERMARK, "zero 1040+16400", "force 1032+16408",
                "release 384=1", "zero 32+96", "force 0+128",
                "release 392=8", "release 448=8", "touch 1032", "force 448+8"),
            trace);
    }

    @Test
    void shouldEndWriterWhenFlushFails() throws IOException
    {
        files.breakDevice();

        final FlushFailedException ex = assertThrows(FlushFailedException.class, () -> writer.flush());

        assertTrue(ex.getMessage().contains("file=" + writer.file()), ex.getMessage());
        assertTrue(ex.getMessage().contains("Input/output error"), ex.getMessage());
        assertEquals(List.of("release 400=" + NOW, "release 392=24", "force 1032+24"), files.takeTrace());
        assertThrows(WriterClosedException.class, () -> writer.flush());
        assertEquals(Writer.CLOSED, writer.tryWrite(new UnsafeBuffer(new byte[1]), 0, 1));
    }

    @Test
    void shouldNotMarkChannelClosedWhenClosingCannotFlush() throws IOException
    {
        files.breakDevice();

        assertThrows(FlushFailedException.class, () -> writer.close());

        assertEquals(RecordDescriptor.WATERMARK, TestChannels.getLong(writer.file(), 1024 + 24));
        writer.close();
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
    }
}
