package io.kekbit.core;

import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.WriterClosedException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.Iterator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A program that makes every call there is of every writer and reader after it was closed, and goes on using the views
 * it kept. Its arguments are a folder and whether the JVM checks bounds.
 */
final class AfterClose
{
    private static final int LENGTH = 40;
    private static final UnsafeBuffer SOURCE = TestChannels.bytes(LENGTH);

    private static boolean isChecked;
    private static int calls;

    private AfterClose()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final Path root = Path.of(args[0]);
        isChecked = Boolean.parseBoolean(args[1]);
        assertEquals(isChecked, UnsafeBuffer.SHOULD_BOUNDS_CHECK);

        final ShmWriter<RawBinDataFormat> plain =
            ShmWriter.builder(root, header(1), RawBinDataFormat.INSTANCE).create();
        final EnvelopeWriter<RawBinDataFormat> enveloping = NumberedRecords.create(root, header(2));
        final ConcurrentWriter<RawBinDataFormat> shared =
            new ConcurrentWriter<>(ShmWriter.builder(root, header(3), RawBinDataFormat.INSTANCE).create());
        final ConcurrentWriter<RawBinDataFormat> sharedEnveloping =
            new ConcurrentWriter<>(NumberedRecords.create(root, header(4)));

        useClosed(plain, plain::close);
        useClosed(enveloping, enveloping::close);
        useClosed(handle(shared), shared::close);
        useClosed(handle(sharedEnveloping), sharedEnveloping::close);
        for (int channelId = 1; channelId <= 4; channelId++)
        {
            useClosedReader(ShmReader.open(root, channelId));
        }
        // Damage of the heap shows when all of it is looked at.
        System.gc();
        System.out.println("all refused");
        System.out.println(calls);
    }

    private static Header header(final long channelId)
    {
        return TestChannels.smallHeader().channelId(channelId).build();
    }

    private static Writer<RawBinDataFormat> handle(final ConcurrentWriter<RawBinDataFormat> shared)
    {
        return shared.handle(NoOpIdleStrategy.INSTANCE, 1);
    }

    private static void useClosed(final Writer<RawBinDataFormat> writer, final Runnable close) throws Exception
    {
        final Agent agent = writer.prefaultAgent();
        assertTrue(agent.doWork() > 0);
        writer.write(SOURCE, 0, LENGTH);
        writer.claim(LENGTH);
        final MutableDirectBuffer slot = writer.slot();
        writer.commit(LENGTH);
        assertStale(slot);
        writer.claim(LENGTH);
        writer.abort();
        assertStale(slot);
        writer.write((format, buffer, offset, maxLength) -> LENGTH);
        assertStale(slot);
        writer.flush();
        final long end = writer.writeOffset();
        writer.claim(LENGTH);
        assertSame(slot, writer.slot());
        if (isAlone(writer))
        {
            close.run();
        }
        else
        {
            // Shared with other threads, so that a claim keeps it open.
            writer.abort();
            close.run();
        }

        assertStale(slot);
        useClosed(writer, slot);
        assertEquals(0, agent.doWork());
        close.run();
        writer.close();
        useClosed(writer, slot);
        assertEquals(RawBinDataFormat.INSTANCE, writer.dataFormat());
        assertEquals(TestChannels.SMALL_CAPACITY, writer.header().capacity());
        if (isAlone(writer))
        {
            assertEquals(end, writer.writeOffset());
            assertEquals(0, writer.available());
            assertEquals(0, writer.longestContent());
        }
        assertFalse(writer.toString().isEmpty());
    }

    private static void useClosed(final Writer<RawBinDataFormat> writer, final MutableDirectBuffer slot)
    {
        assertEquals(Writer.CLOSED, writer.tryWrite(SOURCE, 0, LENGTH));
        assertEquals(Writer.CLOSED, writer.tryWrite((format, buffer, offset, maxLength) -> encodes()));
        assertEquals(Writer.CLOSED, writer.tryClaim(LENGTH));
        assertEquals(Writer.CLOSED, writer.tryClaim(1, LENGTH));
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
        assertStale(slot);
        assertThrows(WriterClosedException.class, () -> writer.write(SOURCE, 0, LENGTH));
        assertThrows(
            WriterClosedException.class, () -> writer.write((format, buffer, offset, maxLength) -> encodes()));
        assertThrows(WriterClosedException.class, () -> writer.claim(LENGTH));
        assertThrows(WriterClosedException.class, () -> writer.claim(1, LENGTH));
        assertThrows(WriterClosedException.class, writer::heartbeat);
        assertThrows(WriterClosedException.class, writer::flush);
        assertThrows(WriterClosedException.class, writer::prefaultAgent);
        assertStale(slot);
        final RuntimeException refused = assertThrows(RuntimeException.class, () -> writer.commit(LENGTH));
        assertSame(
            isAlone(writer) ? WriterClosedException.class : IllegalStateException.class, refused.getClass());
        assertStale(slot);
        writer.abort();
        writer.handOver();
        assertStale(slot);
        calls += 15;
    }

    /**
     * Whether it is the writer itself and not one thread's share of it.
     */
    private static boolean isAlone(final Writer<?> writer)
    {
        return writer instanceof ShmWriter<?> || writer instanceof EnvelopeWriter<?>;
    }

    private static int encodes()
    {
        throw new AssertionError("a closed writer has something encoded");
    }

    /**
     * A slot that is not open any more refuses stores. Where nothing checks them, they hit neither a page that is gone
     * nor what the JVM has beside an empty array.
     */
    private static void assertStale(final MutableDirectBuffer slot)
    {
        assertEquals(0, slot.capacity());
        if (isChecked)
        {
            assertThrows(IndexOutOfBoundsException.class, () -> slot.putLong(0, -1));
        }
        else
        {
            assertTrue(slot.addressOffset() > Integer.MAX_VALUE || slot.byteArray().length >= LENGTH, "the heap");
            slot.setMemory(0, LENGTH, (byte)0xFF);
            slot.setMemory(0, LENGTH, (byte)0);
        }
        calls++;
    }

    private static void useClosedReader(final ShmReader reader) throws Exception
    {
        final Agent agent = reader.prefaultAgent();
        assertTrue(agent.doWork() > 0);
        final DirectBuffer buffer = reader.buffer();
        final Iterator<DirectBuffer> iterator = reader.iterator();
        final DirectBuffer view = iterator.next();
        assertEquals(LENGTH, view.capacity());
        final int offset = reader.offset();
        final long position = reader.position();
        final RecordHandler none = (content, at, length, start, next) -> reads();
        final ControlledRecordHandler noneControlled = (content, at, length, start, next) -> reads();
        for (int time = 0; time < 2; time++)
        {
            reader.close();

            assertThrows(ReaderClosedException.class, () -> reader.read(none, 1));
            assertThrows(ReaderClosedException.class, () -> reader.read(none, 1, 1, NoOpIdleStrategy.INSTANCE));
            assertThrows(ReaderClosedException.class, () -> reader.controlledRead(noneControlled, 1));
            assertThrows(ReaderClosedException.class, reader::next);
            assertThrows(ReaderClosedException.class, reader::iterator);
            assertThrows(ReaderClosedException.class, iterator::hasNext);
            assertThrows(ReaderClosedException.class, iterator::next);
            assertThrows(ReaderClosedException.class, () -> reader.moveTo(0));
            assertThrows(ReaderClosedException.class, reader::moveToEnd);
            assertThrows(ReaderClosedException.class, reader::state);
            assertThrows(ReaderClosedException.class, reader::prefaultAgent);
            assertEquals(0, agent.doWork());
            assertEquals(offset, reader.offset());
            assertEquals(LENGTH, reader.length());
            assertEquals(position, reader.position());
            assertEquals(8, reader.recordPosition());
            assertEquals(reader.extension().envelope().length == 0 ? Reader.NOT_TOLD : 1, reader.sequence());
            assertEquals(Reader.NOT_TOLD, reader.time());
            assertEquals(0, reader.schema().capacity());
            assertEquals(TestChannels.SMALL_CAPACITY, reader.header().capacity());
            assertTrue(reader.toString().contains("isClosed=true"));
            assertStale(buffer, offset);
            assertStale(view, 0);
            calls += 22;
        }
    }

    private static Action reads()
    {
        throw new AssertionError("a closed reader hands over a record");
    }

    private static void assertStale(final DirectBuffer view, final int offset)
    {
        assertEquals(0, view.capacity());
        if (isChecked)
        {
            assertThrows(IndexOutOfBoundsException.class, () -> view.getLong(offset));
        }
        else
        {
            // Whatever it answers.
            view.getLong(offset);
        }
    }
}
