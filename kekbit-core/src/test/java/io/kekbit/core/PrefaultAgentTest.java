package io.kekbit.core;

import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Which pages an agent touches, and when. By what the mapping is asked for, which a test can watch.
 */
class PrefaultAgentTest
{
    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int PAGE_LENGTH = 4096;
    private static final int PAGE_RECORD = PAGE_LENGTH - RecordDescriptor.LENGTH_WORD_LENGTH;
    private static final int WINDOW = 64 * 1024;
    private static final int INTERVAL_NS = 1_000;

    /**
     * The position is 8 at first, and the record area begins at 1024: so the window ends inside a page.
     */
    private static final int RECORD_PAGES = WINDOW / PAGE_LENGTH + 1;

    /**
     * A page of the index is for 8 MiB of records.
     */
    private static final int HEADER_AND_INDEX = 2;

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[PAGE_RECORD]);
    private final TracingFiles files = new TracingFiles();

    @TempDir
    private Path root;
    private ShmWriter<RawBinDataFormat> writer;
    private PrefaultAgent agent;
    private long nowNs;

    @BeforeEach
    void create()
    {
        writer = builder().create();
        agent = writer.prefaultAgent(WINDOW, INTERVAL_NS, () -> nowNs);
        files.takeTrace();
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @Test
    void shouldTouchWindowHeaderAndIndexWhenItBegins()
    {
        assertEquals(RECORD_PAGES + HEADER_AND_INDEX, agent.doWork());

        final List<String> touched = files.takeTrace();
        for (int page = 0; page < RECORD_PAGES; page++)
        {
            assertTrue(touched.contains("touch " + page * PAGE_LENGTH), touched.toString());
        }
    }

    @Test
    void shouldDoNothingWhenAllIsTouched()
    {
        agent.doWork();
        files.takeTrace();

        assertEquals(0, agent.doWork());
        assertEquals(List.of(), files.takeTrace());
    }

    @Test
    void shouldTouchAsManyPagesMoreAsWriterMovedOn()
    {
        agent.doWork();
        write(10);

        assertEquals(10, agent.doWork());
        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldJumpToPositionWhenItComesLate()
    {
        write(1000);
        files.takeTrace();

        assertEquals(RECORD_PAGES + HEADER_AND_INDEX, agent.doWork());
        final List<String> touched = files.takeTrace();
        // The header; the index; the page at which the writer is; and so on.
        assertEquals(List.of("touch 0", "touch 0", "touch " + 1000 * PAGE_LENGTH), touched.subList(0, 3));
    }

    @Test
    void shouldTouchNoMoreThanLimitWhenWindowIsLong()
    {
        final PrefaultAgent wide = writer.prefaultAgent(4 * 1024 * 1024, INTERVAL_NS, () -> nowNs);
        long pages = 0;
        for (int touched = wide.doWork(); touched > 0; touched = wide.doWork())
        {
            assertTrue(touched <= PrefaultAgent.MAX_PAGES, "touched=" + touched);
            pages += touched;
        }

        // Header, record area, and 32 bytes of index for each 64 KiB of that.
        final long expected = 1 + 1025 + 1;
        assertTrue(pages == expected || pages == expected + 1, "pages=" + pages);
    }

    @Test
    void shouldTouchAgainWhenIntervalIsOver()
    {
        final int atFirst = agent.doWork();
        nowNs = INTERVAL_NS - 1;
        assertEquals(0, agent.doWork());
        nowNs = INTERVAL_NS;

        assertEquals(atFirst, agent.doWork());
        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldTouchAgainWhenWriterFlushed()
    {
        final int atFirst = agent.doWork();
        writer.flush();

        assertEquals(atFirst, agent.doWork());
        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldTouchIndexTooWhenWriterFlushesFasterThanWindowIsTouched()
    {
        final PrefaultAgent wide = writer.prefaultAgent(4 * 1024 * 1024, INTERVAL_NS, () -> nowNs);
        write(100);
        wide.doWork();
        writer.flush();
        files.takeTrace();
        assertEquals(PrefaultAgent.MAX_PAGES, wide.doWork());

        // The header and the first page of the index are both at 0 of a mapping of their own.
        assertEquals(2, files.takeTrace().stream().filter("touch 0"::equals).count());
    }

    @Test
    void shouldTouchNoFurtherThanMappingWhenChannelEnds()
    {
        while (writer.available() > 5 * PAGE_LENGTH)
        {
            write(1);
        }
        final int pagesLeft = 6;
        assertEquals(pagesLeft + HEADER_AND_INDEX, agent.doWork());
        TestChannels.fillWithLongest(writer);
        assertEquals(0, agent.doWork());
        nowNs = INTERVAL_NS;

        // Where the writer is, and the footer.
        assertEquals(2 + HEADER_AND_INDEX, agent.doWork());
    }

    @Test
    void shouldChangeNothingInFileWhenItWorks() throws IOException
    {
        write(3);
        final byte[] before = Files.readAllBytes(writer.file());
        agent.doWork();

        assertArrayEquals(before, Files.readAllBytes(writer.file()));
    }

    @Test
    void shouldNameChannelWhenAskedForRole()
    {
        assertEquals("prefault " + writer.file(), agent.roleName());
    }

    @Test
    void shouldDoNothingWhenWriterIsClosed()
    {
        writer.close();
        files.takeTrace();

        assertEquals(0, agent.doWork());
        assertEquals(List.of(), files.takeTrace());
    }

    @Test
    void shouldDoNothingWhenFlushFailed()
    {
        files.breakDevice();
        assertThrows(FlushFailedException.class, () -> writer.flush());

        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldDoNothingWhenWriterWasAbandoned()
    {
        writer.abandon();

        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldGoOnFromThereWhenChannelWasResumed()
    {
        write(100);
        writer.abandon();
        writer = builder().resume();
        agent = writer.prefaultAgent(WINDOW, INTERVAL_NS, () -> nowNs);
        files.takeTrace();

        assertEquals(RECORD_PAGES + HEADER_AND_INDEX, agent.doWork());
        assertTrue(files.takeTrace().contains("touch " + 100 * PAGE_LENGTH));
    }

    @Test
    void shouldEndWhenInvokedByWritersOwnThread()
    {
        final AgentInvoker invoker = new AgentInvoker(
            (ex) ->
            {
                throw new AssertionError(ex);
            }, null, writer.prefaultAgent());
        invoker.start();
        assertTrue(invoker.invoke() > 0);
        write(1);
        writer.close();

        assertEquals(0, invoker.invoke());
        invoker.close();
    }

    @Test
    void shouldServeEachWhenSeveralAreMade() throws Exception
    {
        final Agent other = writer.prefaultAgent();
        assertTrue(agent.doWork() > 0);
        assertTrue(other.doWork() > 0);
        writer.close();

        assertEquals(0, agent.doWork());
        assertEquals(0, other.doWork());
    }

    @Test
    void shouldBeHadThroughEnvelopeAndSharedWriter(@TempDir final Path otherRoot) throws Exception
    {
        final Agent made;
        try (ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(EnvelopeWriter.create(
            ShmWriter.builder(otherRoot, writer.header(), RawBinDataFormat.INSTANCE), new SequenceHandler())))
        {
            made = shared.handle(NoOpIdleStrategy.INSTANCE, 1).prefaultAgent();

            assertEquals(PrefaultAgent.MAX_PAGES, made.doWork());
        }
        assertEquals(0, made.doWork());
    }

    @Test
    void shouldRefuseAgentWhenClosed()
    {
        final ShmReader reader = ShmReader.open(root, 1);
        reader.close();
        writer.close();

        assertThrows(WriterClosedException.class, () -> writer.prefaultAgent());
        assertThrows(ReaderClosedException.class, () -> reader.prefaultAgent());
    }

    @Test
    void shouldRefuseAgentWhenWindowIsLessThanPageOrIntervalNone()
    {
        assertThrows(IllegalArgumentException.class, () -> writer.prefaultAgent(PAGE_LENGTH - 1, 1));
        assertThrows(IllegalArgumentException.class, () -> writer.prefaultAgent(PAGE_LENGTH, 0));
    }

    @Test
    void shouldFollowReaderForthAndBackWhenItMoves()
    {
        write(1000);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final PrefaultAgent ahead = reader.prefaultAgent(WINDOW, INTERVAL_NS, () -> nowNs);
            // Polling needs nothing of the index.
            assertEquals(RECORD_PAGES + 1, ahead.doWork());
            for (int i = 0; i < 10; i++)
            {
                assertTrue(reader.next());
            }
            assertEquals(10, ahead.doWork());
            reader.moveTo(0);

            assertEquals(RECORD_PAGES + 1, ahead.doWork());
        }
    }

    @Test
    void shouldDoNothingWhenHandlerClosedReader() throws Exception
    {
        write(2);
        final ShmReader reader = ShmReader.open(root, 1);
        final Agent ahead = reader.prefaultAgent();
        assertEquals(1, reader.read((buffer, offset, length, position, nextPosition) -> reader.close(), 10));

        assertEquals(0, ahead.doWork());
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        final Header header = Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(PAGE_RECORD).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).files(files);
    }

    private void write(final int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            writer.write(source, 0, PAGE_RECORD);
        }
    }
}
