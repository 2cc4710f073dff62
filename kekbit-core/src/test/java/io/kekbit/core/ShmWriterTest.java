package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ShmWriterTest
{
    private static final int MAX_RECORD_LENGTH = 112;
    private static final int RECORDS_END = TestChannels.SMALL_CAPACITY - 16;

    @TempDir
    private Path root;
    private ShmWriter<RawBinDataFormat> writer;

    @BeforeEach
    void create()
    {
        writer = TestChannels.createSmall(root);
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "7, 16", "8, 16", "9, 24", "16, 24", "111, 120", "112, 120"})
    void shouldTakeLengthWordContentAndPaddingWhenWritten(final int length, final int expectedBytes)
    {
        final long before = writer.writeOffset();

        assertEquals(expectedBytes, writer.write(TestChannels.bytes(length), 0, length));
        assertEquals(before + expectedBytes, writer.writeOffset());
    }

    @Test
    void shouldBeginWithHeartbeatWhenCreated()
    {
        assertEquals(8, writer.writeOffset());
        assertEquals(RECORDS_END - 8, writer.available());
        assertWord(RecordDescriptor.HEARTBEAT, 0);
        assertWord(RecordDescriptor.WATERMARK, 8);
    }

    @Test
    void shouldCopyPartOfBufferWhenOffsetIsGiven()
    {
        final UnsafeBuffer source = new UnsafeBuffer(new byte[]{1, 2, 3, 4, 5});

        writer.write(source, 1, 3);

        assertArrayEquals(new byte[]{2, 3, 4}, readAll().get(0));
    }

    @Test
    void shouldPublishCommittedPartWhenClaimIsLonger()
    {
        assertEquals(40, writer.tryClaim(32));
        final MutableDirectBuffer slot = writer.slot();
        assertEquals(32, slot.capacity());
        slot.putLong(0, 0x1122_3344_5566_7788L);

        assertEquals(16, writer.commit(8));

        assertEquals(24, writer.writeOffset());
        assertEquals(0x1122_3344_5566_7788L, new UnsafeBuffer(readAll().get(0)).getLong(0));
    }

    @Test
    void shouldClaimAsMuchAsFitsWhenLengthIsNotKnown()
    {
        assertEquals(56, writer.tryClaim(16, 48));
        assertEquals(48, writer.slot().capacity());
        writer.abort();
        assertEquals(120, writer.claim(16, 10_000));
        assertEquals(MAX_RECORD_LENGTH, writer.slot().capacity());
        writer.abort();
        assertEquals(Writer.TOO_LONG, writer.tryClaim(113, 10_000));
        assertEquals(Writer.EMPTY, writer.tryClaim(0, 0));

        TestChannels.fillWithLongest(writer);
        final int longest = (int)writer.available() - 8;
        assertEquals(Writer.NO_SPACE, writer.tryClaim(longest + 1, MAX_RECORD_LENGTH));
        assertThrows(NoSpaceForRecordException.class, () -> writer.claim(longest + 1, MAX_RECORD_LENGTH));
        assertEquals(longest + 8, writer.tryClaim(1, MAX_RECORD_LENGTH));
        assertEquals(longest, writer.slot().capacity());
        assertThrows(IllegalStateException.class, () -> writer.tryClaim(1, 1));
        writer.commit(longest);
        assertEquals(Writer.CHANNEL_FULL, writer.tryClaim(1, 1));
        writer.close();
        assertEquals(Writer.CLOSED, writer.tryClaim(1, 1));
    }

    @Test
    void shouldPublishNothingBeforeCommitWhenClaimed()
    {
        writer.claim(8);
        writer.slot().putLong(0, 1);

        assertEquals(0, readAll().size());
        writer.commit(8);
        assertEquals(1, readAll().size());
    }

    @Test
    void shouldZeroSlotWhenAborted() throws IOException
    {
        writer.claim(MAX_RECORD_LENGTH);
        writer.slot().setMemory(0, MAX_RECORD_LENGTH, (byte)0xFF);
        writer.abort();

        assertEquals(8, writer.writeOffset());
        for (int offset = 0; offset < MAX_RECORD_LENGTH; offset += 8)
        {
            assertWord(0, 16 + offset);
        }
        assertWord(RecordDescriptor.WATERMARK, 8);
    }

    @Test
    void shouldDoNothingWhenAbortedWithoutClaim()
    {
        writer.abort();

        assertEquals(16, writer.write(TestChannels.bytes(1), 0, 1));
    }

    @Test
    void shouldRefuseEverythingElseWhenClaimIsOpen()
    {
        writer.claim(8);

        assertThrows(IllegalStateException.class, () -> writer.tryClaim(8));
        assertThrows(IllegalStateException.class, () -> writer.tryWrite(TestChannels.bytes(1), 0, 1));
        assertThrows(IllegalStateException.class, () -> writer.write((format, slot, offset, maxLength) -> 1));
        assertThrows(IllegalStateException.class, () -> writer.heartbeat());
        assertEquals(16, writer.commit(8));
    }

    @Test
    void shouldRefuseCommitWhenNothingIsClaimed()
    {
        assertThrows(IllegalStateException.class, () -> writer.commit(1));
    }

    @Test
    void shouldEmptySlotWhenCommittedOrAborted()
    {
        final MutableDirectBuffer slot = writer.slot();
        assertEquals(0, slot.capacity());

        writer.claim(8);
        assertSame(slot, writer.slot());
        writer.commit(8);
        assertEquals(0, slot.capacity());
        assertThrows(IndexOutOfBoundsException.class, () -> slot.putByte(0, (byte)1));

        writer.claim(8);
        writer.abort();
        assertThrows(IndexOutOfBoundsException.class, () -> slot.putByte(0, (byte)1));
    }

    @Test
    void shouldGiveUpClaimWhenCommitIsLongerThanSlot()
    {
        writer.claim(8);
        writer.slot().putLong(0, -1);

        final EncodingException ex = assertThrows(EncodingException.class, () -> writer.commit(9));

        assertNamesFile(ex, "length=9 slotLength=8");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void shouldGiveUpClaimWhenCommitIsEmpty(final int length)
    {
        writer.claim(8);
        writer.slot().putLong(0, -1);

        assertNamesFile(assertThrows(EmptyRecordException.class, () -> writer.commit(length)), "length=" + length);
        assertUntouched();
    }

    @Test
    void shouldEncodeInPlaceWhenGivenEncodable()
    {
        final long bytes = writer.write((format, slot, offset, maxLength) ->
        {
            assertSame(RawBinDataFormat.INSTANCE, format);
            assertEquals(MAX_RECORD_LENGTH, maxLength);
            assertEquals(offset + maxLength, slot.capacity());
            slot.putInt(offset, 77);

            return 4;
        });

        assertEquals(16, bytes);
        assertEquals(77, new UnsafeBuffer(readAll().get(0)).getInt(0));
    }

    @Test
    void shouldPublishNothingWhenEncodableThrows()
    {
        final IllegalArgumentException cause = new IllegalArgumentException("no");

        final EncodingException ex = assertThrows(EncodingException.class, () -> writer.write(dirtying(() ->
        {
            throw cause;
        })));

        assertSame(cause, ex.getCause());
        assertNamesFile(ex, "slotLength=112");
        assertUntouched();
    }

    @Test
    void shouldPublishNothingWhenEncodableThrowsError()
    {
        final AssertionError error = new AssertionError("no");

        assertSame(error, assertThrows(AssertionError.class, () -> writer.write(dirtying(() ->
        {
            throw error;
        }))));
        assertUntouched();
    }

    @Test
    void shouldPublishNothingWhenEncodableOverruns()
    {
        final EncodingException ex = assertThrows(
            EncodingException.class,
            () -> writer.tryWrite((format, slot, offset, maxLength) ->
            {
                slot.setMemory(offset, maxLength, (byte)0xFF);
                slot.putByte(offset + maxLength, (byte)1);

                return maxLength + 1;
            }));

        assertTrue(ex.getCause() instanceof IndexOutOfBoundsException);
        assertUntouched();
    }

    @Test
    void shouldPublishNothingWhenEncodableAnswersMoreThanSlot()
    {
        assertThrows(EncodingException.class, () -> writer.write(answering(MAX_RECORD_LENGTH + 1)));
        assertThrows(EncodingException.class, () -> writer.tryWrite(answering(MAX_RECORD_LENGTH + 1)));
        assertUntouched();
    }

    @Test
    void shouldRefuseEmptyRecordWhenEncodableAnswersNothing()
    {
        assertThrows(EmptyRecordException.class, () -> writer.write(answering(0)));
        assertEquals(Writer.EMPTY, writer.tryWrite(answering(0)));
        assertEquals(Writer.EMPTY, writer.tryWrite(answering(-1)));
        assertUntouched();
    }

    @Test
    void shouldReportEncodingErrorWhenEncodableCallsItsWriter()
    {
        final EncodingException ex = assertThrows(
            EncodingException.class,
            () -> writer.write((format, slot, offset, maxLength) -> (int)writer.write(TestChannels.bytes(1), 0, 1)));

        assertTrue(ex.getCause() instanceof IllegalStateException);
        assertUntouched();
    }

    @Test
    void shouldPublishNothingWhenEncodableClosesItsWriter()
    {
        assertThrows(WriterClosedException.class, () -> writer.write((format, slot, offset, maxLength) ->
        {
            slot.putByte(offset, (byte)1);
            writer.close();

            return 1;
        }));
        try (ShmReader reader = open())
        {
            assertEquals(0, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldRefuseEmptyRecordWhenLengthIsZero()
    {
        assertRefused(EmptyRecordException.class, Writer.EMPTY, 0, "length=0");
        assertUntouched();
    }

    @Test
    void shouldRefuseEmptyRecordWhenLengthIsNegative()
    {
        assertRefused(EmptyRecordException.class, Writer.EMPTY, -1, "length=-1");
        assertRefused(EmptyRecordException.class, Writer.EMPTY, Integer.MIN_VALUE, "length=-2147483648");
    }

    @Test
    void shouldRefuseRecordWhenLongerThanHeaderAllows()
    {
        assertRefused(RecordTooLongException.class, Writer.TOO_LONG, 113, "length=113 maxMessageLength=112");
        assertRefused(RecordTooLongException.class, Writer.TOO_LONG, Integer.MAX_VALUE, "length=2147483647");
        assertUntouched();
    }

    @Test
    void shouldPublishNothingWhenSourceIsShorterThanLength()
    {
        assertThrows(IndexOutOfBoundsException.class, () -> writer.write(TestChannels.bytes(4), 1, 4));
        assertUntouched();
    }

    @Test
    void shouldRefuseRecordWhenItDoesNotFitAnyMore()
    {
        TestChannels.fillWithLongest(writer);
        final long available = writer.available();
        assertTrue(available >= 16 && available < 120, "available=" + available);
        final int longest = (int)available - 8;

        assertRefused(
            NoSpaceForRecordException.class, Writer.NO_SPACE, longest + 1, "available=" + available);
        assertEquals(available, writer.write(TestChannels.bytes(longest), 0, longest));
        assertEquals(0, writer.available());
    }

    @Test
    void shouldRefuseEveryRecordWhenFull()
    {
        fill();

        assertRefused(ChannelFullException.class, Writer.CHANNEL_FULL, 1, "available=0");
        assertThrows(ChannelFullException.class, () -> writer.write(answering(1)));
        assertEquals(Writer.CHANNEL_FULL, writer.tryWrite(answering(1)));
        assertThrows(ChannelFullException.class, () -> writer.heartbeat());
        assertEquals(Writer.CHANNEL_FULL, writer.tryHeartbeat());
    }

    @Test
    void shouldTakeHeartbeatWhenNoRecordFits()
    {
        TestChannels.fillWithLongest(writer);
        while (writer.available() > 8)
        {
            writer.heartbeat();
        }

        assertEquals(Writer.CHANNEL_FULL, writer.tryWrite(TestChannels.bytes(1), 0, 1));
        assertEquals(8, writer.tryHeartbeat());
        assertEquals(0, writer.available());
    }

    @Test
    void shouldKeepLastSixteenBytesFreeWhenFilledAndClosed()
    {
        fill();
        assertEquals(RECORDS_END, writer.writeOffset());
        assertWord(RecordDescriptor.WATERMARK, RECORDS_END);
        writer.close();

        assertWord(RecordDescriptor.CLOSE, RECORDS_END);
        assertWord(0, RECORDS_END + 8);
        assertWord(0, RECORDS_END + 16);
    }

    @Test
    void shouldShortenSlotWhenEndIsNear()
    {
        TestChannels.fillWithLongest(writer);
        final int longest = (int)writer.available() - 8;

        writer.write((format, slot, offset, maxLength) ->
        {
            assertEquals(longest, maxLength);
            assertEquals(longest, slot.capacity());

            return maxLength;
        });
    }

    @Test
    void shouldReportNoSpaceWhenEncodableOverrunsSlotCutShortByTheEnd()
    {
        TestChannels.fillWithLongest(writer);
        final long offsetBefore = writer.writeOffset();
        final Encodable<DataFormat> longest = (format, slot, offset, maxLength) ->
        {
            slot.setMemory(offset, MAX_RECORD_LENGTH, (byte)1);

            return MAX_RECORD_LENGTH;
        };

        assertEquals(Writer.NO_SPACE, writer.tryWrite(longest));
        assertNamesFile(assertThrows(NoSpaceForRecordException.class, () -> writer.write(longest)), "available=");
        assertEquals(offsetBefore, writer.writeOffset());
        assertEquals(16, writer.write(answering(1)));
    }

    @Test
    void shouldMarkEndWhenClosed()
    {
        writer.write(TestChannels.bytes(1), 0, 1);
        writer.close();

        assertWord(RecordDescriptor.CLOSE, 24);
    }

    @Test
    void shouldGiveUpClaimWhenClosed()
    {
        writer.claim(8);
        final MutableDirectBuffer slot = writer.slot();
        slot.putLong(0, -1);
        writer.close();

        assertWord(RecordDescriptor.CLOSE, 8);
        assertWord(0, 16);
        assertEquals(0, slot.capacity());
        assertThrows(WriterClosedException.class, () -> writer.commit(8));
    }

    @Test
    void shouldDoNothingWhenClosedTwice()
    {
        writer.close();
        writer.close();

        assertWord(RecordDescriptor.CLOSE, 8);
    }

    @Test
    void shouldRefuseEveryCallWhenClosed()
    {
        writer.close();

        assertRefused(WriterClosedException.class, Writer.CLOSED, 1, "");
        assertEquals(Writer.CLOSED, writer.tryWrite(answering(1)));
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
        assertNamesFile(assertThrows(WriterClosedException.class, () -> writer.write(answering(1))), "");
        assertNamesFile(assertThrows(WriterClosedException.class, () -> writer.heartbeat()), "");
        assertNamesFile(assertThrows(WriterClosedException.class, () -> writer.flush()), "");
        assertThrows(WriterClosedException.class, () -> writer.commit(1));
        writer.abort();
        assertEquals(0, writer.available());
        assertEquals(8, writer.writeOffset());
        assertEquals(0, writer.slot().capacity());
    }

    @Test
    void shouldStillDescribeItselfWhenClosed()
    {
        writer.close();

        assertEquals(TestChannels.CHANNEL_ID, writer.header().channelId());
        assertSame(RawBinDataFormat.INSTANCE, writer.dataFormat());
        assertEquals(TestChannels.file(root), writer.file());
        assertTrue(writer.toString().contains("writeOffset=8"));
    }

    @Test
    void shouldExplainEveryResultWhenAsked()
    {
        for (final long result : new long[]{
            Writer.CHANNEL_FULL, Writer.NO_SPACE, Writer.TOO_LONG, Writer.EMPTY, Writer.CLOSED})
        {
            assertTrue(Writer.errorString(result).length() > 10);
            assertTrue(!Writer.errorString(result).startsWith("unknown"));
        }
        assertEquals("no error: bytes=16", Writer.errorString(16));
        assertEquals("unknown result: -99", Writer.errorString(-99));
    }

    @Test
    void shouldFailAssertionWhenAnotherThreadWrites() throws InterruptedException
    {
        writer.write(TestChannels.bytes(1), 0, 1);
        final Throwable[] thrown = new Throwable[1];
        final Thread other = new Thread(() -> writer.tryWrite(TestChannels.bytes(1), 0, 1));
        other.setUncaughtExceptionHandler((thread, ex) -> thrown[0] = ex);
        other.start();
        other.join();

        assertTrue(thrown[0] instanceof AssertionError, "thrown=" + thrown[0]);
    }

    @Test
    void shouldAcceptAnotherThreadWhenTheFirstHasEnded() throws InterruptedException
    {
        final Thread first = new Thread(() -> writer.write(TestChannels.bytes(1), 0, 1));
        first.start();
        first.join();

        assertEquals(16, writer.write(TestChannels.bytes(1), 0, 1));
    }

    private static Encodable<DataFormat> answering(final int length)
    {
        return (format, slot, offset, maxLength) ->
        {
            slot.setMemory(0, slot.capacity(), (byte)0xFF);

            return length;
        };
    }

    private static Encodable<DataFormat> dirtying(final Runnable then)
    {
        return (format, slot, offset, maxLength) ->
        {
            slot.setMemory(0, slot.capacity(), (byte)0xFF);
            then.run();

            return 1;
        };
    }

    private void fill()
    {
        TestChannels.fillWithLongest(writer);
        final int longest = (int)writer.available() - 8;
        if (longest > 0)
        {
            writer.write(TestChannels.bytes(longest), 0, longest);
        }
    }

    private <T extends WriteException> void assertRefused(
        final Class<T> expectedType, final long expectedResult, final int length, final String expectedDetails)
    {
        final UnsafeBuffer source = TestChannels.bytes(MAX_RECORD_LENGTH);
        final long offsetBefore = writer.writeOffset();
        final List<Executable> throwing = List.of(
            () -> writer.write(source, 0, length),
            () -> writer.claim(length));
        for (final Executable call : throwing)
        {
            assertNamesFile(assertThrows(expectedType, call), expectedDetails);
        }
        assertEquals(expectedResult, writer.tryWrite(source, 0, length));
        assertEquals(expectedResult, writer.tryClaim(length));
        assertEquals(offsetBefore, writer.writeOffset());
    }

    private void assertNamesFile(final WriteException ex, final String expectedDetails)
    {
        assertEquals(TestChannels.file(root), ex.file());
        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(root)), ex.getMessage());
        assertTrue(ex.getMessage().contains(expectedDetails), ex.getMessage());
    }

    /**
     * Nothing was published, no trace was left, and the writer works.
     */
    private void assertUntouched()
    {
        assertEquals(8, writer.writeOffset());
        assertWord(RecordDescriptor.WATERMARK, 8);
        for (int position = 16; position < 16 + MAX_RECORD_LENGTH + 16; position += 8)
        {
            assertWord(0, position);
        }
        assertEquals(0, readAll().size());
        assertEquals(16, writer.write(new UnsafeBuffer(new byte[]{5}), 0, 1));
        assertArrayEquals(new byte[]{5}, readAll().get(0));
    }

    private void assertWord(final long expected, final long position)
    {
        try
        {
            final long actual =
                TestChannels.getLong(TestChannels.file(root), RecordDescriptor.RECORD_AREA_OFFSET + position);
            assertEquals(Long.toHexString(expected), Long.toHexString(actual), "word at position " + position);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private ShmReader open()
    {
        return ShmReader.open(root, TestChannels.CHANNEL_ID);
    }

    private List<byte[]> readAll()
    {
        try (ShmReader reader = open())
        {
            return TestChannels.readAll(reader);
        }
    }
}
