package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Resuming and opening where one file operation fails, then the next one in another try, until there is none left: by
 * an exception, and by an error of the JVM, such as mapping throws when it runs out of memory.
 */
@Tag("file-faults")
class ResumeFaultTest
{
    private static final int DURABLE_RECORDS = 60;
    private static final int RECORDS = 90;

    @TempDir
    private Path root;
    private byte[] content;

    /**
     * What a writer leaves that dies after two thirds of its records were flushed.
     */
    @BeforeEach
    void writeAndDie() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root.resolve("source"));
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(TestChannels.bytes(100), 0, 100);
            if (i == DURABLE_RECORDS - 1)
            {
                writer.flush();
            }
        }
        content = Files.readAllBytes(writer.file());
        writer.abandon();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void shouldLoseNothingWhenAnyFileOperationOfResumeFails(final boolean isRestarted, final boolean isError)
        throws IOException
    {
        final int expected = isRestarted ? DURABLE_RECORDS : RECORDS;
        int failed = 0;
        while (true)
        {
            final Path newRoot = copy("resumed" + failed, isRestarted);
            final Error error = isError ? new InternalError("a fault occurred") : null;
            final FailingFiles failing = new FailingFiles(failed + 1, true, error);
            try (ShmWriter<RawBinDataFormat> writer = builder(newRoot, isRestarted).files(failing).resume())
            {
                assertTrue(writer.writeOffset() > 0);
                failing.stopFailing();
                break;
            }
            catch (final ChannelAccessException ex)
            {
                assertFails(newRoot, failing, ex);
            }
            catch (final InternalError ex)
            {
                assertSame(error, ex);
            }
            assertEquals(List.of(), OpenFiles.below(newRoot), "operation " + failing.last());
            assertEquals(expected, readable(newRoot), "operation " + failing.last());

            try (ShmWriter<RawBinDataFormat> writer = builder(newRoot, isRestarted).resume())
            {
                writer.write(TestChannels.bytes(100), 0, 100);
            }
            assertEquals(expected + 1, readable(newRoot), "operation " + failing.last());
            failed++;
        }

        Evidence.print("faulty file operations", "resume", failed, "restarted", isRestarted, "errors", isError);
        assertTrue(failed >= 14, "operations tried: " + failed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveNothingOpenWhenAnyFileOperationOfOpeningFails(final boolean isError) throws IOException
    {
        final Path newRoot = copy("opened", false);
        int failed = 0;
        while (true)
        {
            final Error error = isError ? new OutOfMemoryError("Map failed") : null;
            final FailingFiles failing = new FailingFiles(failed + 1, true, error);
            try (ShmReader reader = ShmReader.builder(newRoot, TestChannels.CHANNEL_ID).files(failing).open())
            {
                assertEquals(RECORDS, TestChannels.readAll(reader).size());
                break;
            }
            catch (final ChannelAccessException ex)
            {
                assertFails(newRoot, failing, ex);
            }
            catch (final OutOfMemoryError ex)
            {
                assertSame(error, ex);
            }
            assertEquals(List.of(), OpenFiles.below(newRoot), "operation " + failing.last());
            failed++;
        }

        assertArrayEquals(content, Files.readAllBytes(TestChannels.file(newRoot)));
        Evidence.print("faulty file operations", "opening", failed, "errors", isError);
        assertTrue(failed >= 6, "operations tried: " + failed);
    }

    private Path copy(final String name, final boolean isRestarted) throws IOException
    {
        final Path newRoot = root.resolve(name);
        final Path file = TestChannels.file(newRoot);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        if (isRestarted)
        {
            TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        }

        return newRoot;
    }

    private static ShmWriterBuilder<RawBinDataFormat> builder(final Path newRoot, final boolean isRestarted)
    {
        return ShmWriter.builder(newRoot, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
            .discardSuspect(isRestarted);
    }

    private static int readable(final Path newRoot)
    {
        try (ShmReader reader = ShmReader.open(newRoot, TestChannels.CHANNEL_ID))
        {
            final List<byte[]> records = TestChannels.readAll(reader);
            for (final byte[] record : records)
            {
                assertArrayEquals(TestChannels.fixtureRecord(100, 100), record);
            }

            return records.size();
        }
    }

    private static void assertFails(final Path newRoot, final FailingFiles failing, final ChannelAccessException ex)
    {
        assertSame(failing.thrown(), ex.getCause());
        assertEquals(TestChannels.file(newRoot), ex.file());
        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(newRoot)), ex.getMessage());
        assertTrue(ex.getMessage().contains("made to fail: " + failing.last()), ex.getMessage());
    }
}
