package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.InvalidDescriptionException;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EnvelopeTest
{
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final int ENVELOPE_LENGTH = 20;
    private static final int MAX_PAYLOAD = 112 - ENVELOPE_LENGTH;

    @TempDir
    private Path root;

    @Test
    void shouldOrderHandlersAsTheCrateDoesWhenChained()
    {
        // 1 linked with 2, that with 3, that with one that writes -1 before, that with one that writes -1 behind.
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            builder(),
            new MarkHandler(-1, false, true),
            new MarkHandler(-1, true, false),
            new MarkHandler(3, true, true),
            new MarkHandler(2, true, true),
            new MarkHandler(1, true, true)))
        {
            final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
            payload.putLong(0, 77);
            writer.write(payload, 0, 8);
            writer.write((format, slot, offset, maxLength) ->
            {
                slot.putLong(offset, 78);
                return 8;
            });
        }

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertLongs(reader, -1, 3, 2, 1, 77, 1, 2, 3, -1);
            assertLongs(reader, -1, 3, 2, 1, 78, 1, 2, 3, -1);
        }
    }

    @Test
    void shouldLayOutRecordAsDescribedWhenAllThreeAreUsed() throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            writer.write(TestChannels.bytes(5), 0, 5);
        }

        final UnsafeBuffer file = new UnsafeBuffer(Files.readAllBytes(TestChannels.file(root)));
        final byte[] codes = new byte[4];
        file.getBytes(ExtensionDescriptor.ENVELOPE_OFFSET, codes);
        assertArrayEquals(new byte[]{1, 2, 3, 0}, codes);
        final int content = 1024 + 8 + 8;
        assertEquals(ENVELOPE_LENGTH + 5, file.getLong(content - 8));
        assertEquals(NOW, file.getLong(content));
        assertEquals(1, file.getLong(content + 8));
        final byte[] checked = new byte[16 + 5];
        file.getBytes(content, checked);
        final CRC32C crc = new CRC32C();
        crc.update(checked);
        assertEquals((int)crc.getValue(), file.getInt(content + 16 + 5));
    }

    @Test
    void shouldHandOverPayloadSequenceAndTimeWithoutBeingTold()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            for (int i = 1; i <= 3; i++)
            {
                writer.write(TestChannels.bytes(i), 0, i);
            }
        }

        final List<String> seen = new ArrayList<>();
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final RecordHandler noting = (buffer, offset, length, position, nextPosition) ->
            {
                assertEquals(TestChannels.bytes(length).getByte(length - 1), buffer.getByte(offset + length - 1));
                seen.add(reader.sequence() + ":" + length + "@" + reader.time());
            };
            assertEquals(2, reader.read(noting, 3));
            assertEquals(1, reader.controlledRead(
                (buffer, offset, length, position, nextPosition) ->
                {
                    noting.onRecord(buffer, offset, length, position, nextPosition);
                    return Action.CONTINUE;
                },
                10));
            reader.moveTo(0);
            assertTrue(reader.next());
            assertEquals(1, reader.length());
            assertEquals(TestChannels.bytes(1).getByte(0), reader.buffer().getByte(reader.offset()));
            assertEquals(1, reader.sequence());
            assertEquals(NOW, reader.time());
        }
        assertEquals(List.of("1:1@" + NOW, "2:2@" + NOW, "3:3@" + NOW), seen);
    }

    @Test
    void shouldTellNeitherSequenceNorTimeWhenThereIsNoEnvelope()
    {
        try (ShmWriter<RawBinDataFormat> writer = builder().create(); ShmReader reader = ShmReader.open(root, 1))
        {
            writer.write(TestChannels.bytes(1), 0, 1);
            assertTrue(reader.next());
            assertEquals(ShmReader.NOT_TOLD, reader.sequence());
            assertEquals(ShmReader.NOT_TOLD, reader.time());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 20, 21})
    void shouldBeCorruptWhenAnyByteOfCheckedRecordIsAltered(final int offset) throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            writer.write(TestChannels.bytes(5), 0, 5);
            writer.write(TestChannels.bytes(5), 0, 5);
        }
        final long second = 1024 + 8 + 40 + 8;
        TestChannels.putByte(TestChannels.file(root), second + offset, 0x55);

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(1, reader.read((buffer, at, length, position, next) -> assertEquals(5, length), 10));
            assertEquals(ReaderState.CORRUPT, reader.state());
            assertEquals(48, reader.position());
            reader.moveTo(48);
            assertFalse(reader.next());
            assertEquals(ReaderState.CORRUPT, reader.state());
            reader.moveTo(88);
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldBeCorruptWhenRecordIsShorterThanEnvelope() throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            writer.write(TestChannels.bytes(5), 0, 5);
        }
        TestChannels.putLengthWord(TestChannels.file(root), 8, ENVELOPE_LENGTH);

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertFalse(reader.next());
            assertEquals(ReaderState.CORRUPT, reader.state());
        }
    }

    @Test
    void shouldHandOverWholeContentWhenEnvelopeIsTheApplicationsOwn()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.create(builder(), new SequenceHandler(), new MarkHandler(9, true, false)))
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertArrayEquals(new byte[]{2, (byte)EnvelopeDescriptor.APPLICATION}, reader.extension().envelope());
            assertTrue(reader.next());
            assertEquals(24, reader.length());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 127, 128, 254})
    void shouldHandOverWholeContentWhenCodeIsUnknown(final int code) throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            writer.write(TestChannels.bytes(5), 0, 5);
        }
        TestChannels.putByte(TestChannels.file(root), ExtensionDescriptor.ENVELOPE_OFFSET + 1, code);

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertTrue(reader.next());
            assertEquals(ENVELOPE_LENGTH + 5, reader.length());
        }
    }

    @Test
    void shouldPublishPayloadWhenClaimed()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            assertEquals(40, writer.tryClaim(10));
            assertEquals(10, writer.slot().capacity());
            writer.slot().putLong(0, 42);
            assertEquals(40, writer.commit(8));
            assertEquals(0, writer.slot().capacity());
        }

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertTrue(reader.next());
            assertEquals(8, reader.length());
            assertEquals(42, reader.buffer().getLong(reader.offset()));
        }
    }

    @Test
    void shouldLeaveRoomForEnvelopeWhenAsMuchAsFitsIsClaimed()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            assertEquals(120, writer.tryClaim(1, 10_000));
            assertEquals(MAX_PAYLOAD, writer.slot().capacity());
            writer.abort();
            assertEquals(56, writer.claim(1, 28));
            assertEquals(28, writer.slot().capacity());
            writer.abort();
        }
    }

    @Test
    void shouldTakeSlotOffChannelWhenFlushFailsWhileClaimed()
    {
        final TracingFiles files = new TracingFiles();
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(builder().files(files), all(0)))
        {
            writer.claim(8);
            files.breakDevice();
            assertThrows(FlushFailedException.class, writer::flush);

            assertThrows(IndexOutOfBoundsException.class, () -> writer.slot().putLong(0, 1));
        }
    }

    @Test
    void shouldRefuseClaimThatLeavesNoRoomForPayload()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            assertEquals(Writer.EMPTY, writer.tryClaim(0, 50));
            assertEquals(8, writer.tryHeartbeat());
        }
    }

    @Test
    void shouldLetGoOfChannelWhenHandlerCannotGoOnFromLastRecord() throws IOException
    {
        final Path other = root.resolve("source");
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(other, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE),
            new MarkHandler(1, true, false)))
        {
            writer.write(TestChannels.bytes(1), 0, 1);
            Files.createDirectories(TestChannels.file(root).getParent());
            Files.copy(TestChannels.file(other), TestChannels.file(root));
        }
        final WriteHandler failing = new FailingHandler(true, false);

        assertThrows(IllegalStateException.class, () -> EnvelopeWriter.resume(builder(), failing));

        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.resume(builder(), new MarkHandler(1, true, false)))
        {
            assertEquals(32, writer.writeOffset());
        }
    }

    @Test
    void shouldGiveNumbersOnceWhenAnotherHandlerThrowsAfterPublication()
    {
        final SequenceHandler sequence = new SequenceHandler();
        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.create(builder(), new FailingHandler(false, true), sequence))
        {
            assertThrows(IllegalStateException.class, () -> writer.write(TestChannels.bytes(1), 0, 1));

            assertEquals(1, sequence.last());
        }
    }

    @Test
    void shouldRefuseHandlerThatReadsInsideAndGoOn()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create(); ShmReader reader = ShmReader.open(root, 1))
        {
            writer.write(TestChannels.bytes(1), 0, 1);
            writer.write(TestChannels.bytes(2), 0, 2);
            final List<Integer> seen = new ArrayList<>();
            reader.read(
                (buffer, offset, length, position, nextPosition) ->
                {
                    seen.add(length);
                    assertThrows(
                        IllegalStateException.class,
                        () -> reader.read((b, o, l, p, n) -> seen.add(-1), 1));
                },
                10);

            assertEquals(List.of(1, 2), seen);
        }
    }

    @Test
    void shouldUseNoNumberWhenRecordIsGivenUp()
    {
        final SequenceHandler sequence = new SequenceHandler(100);
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(builder(), sequence))
        {
            writer.claim(8);
            writer.abort();
            writer.claim(8);
            assertThrows(EncodingException.class, () -> writer.commit(9));
            assertThrows(EncodingException.class, () -> writer.write((format, slot, offset, maxLength) ->
            {
                throw new IllegalArgumentException("no");
            }));
            assertThrows(IndexOutOfBoundsException.class, () -> writer.write(TestChannels.bytes(4), 1, 4));
            assertEquals(100, sequence.last());
            writer.write(TestChannels.bytes(1), 0, 1);
            assertEquals(101, sequence.last());
        }
    }

    @Test
    void shouldPublishNothingWhenHandlerThrows()
    {
        final SequenceHandler sequence = new SequenceHandler();
        final WriteHandler failing = new WriteHandler()
        {
            @Override
            public int code()
            {
                return EnvelopeDescriptor.APPLICATION;
            }

            @Override
            public void incoming(final MutableDirectBuffer slot, final int offset)
            {
                throw new IllegalStateException("handler");
            }
        };
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(builder(), sequence, failing))
        {
            final EncodingException ex =
                assertThrows(EncodingException.class, () -> writer.write(TestChannels.bytes(1), 0, 1));
            assertTrue(ex.getCause() instanceof IllegalStateException);
            assertThrows(EncodingException.class, () -> writer.tryWrite((format, slot, offset, maxLength) -> 1));
            assertEquals(8, writer.writeOffset());
            assertEquals(0, sequence.last());
        }
    }

    @Test
    void shouldCountEnvelopeWhenLengthIsChecked()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = create())
        {
            assertEquals(MAX_PAYLOAD, writer.longestContent());
            assertEquals(Writer.TOO_LONG, writer.tryClaim(MAX_PAYLOAD + 1));
            assertEquals(Writer.TOO_LONG, writer.tryClaim(Integer.MAX_VALUE));
            assertEquals(Writer.EMPTY, writer.tryClaim(0));
            assertEquals(Writer.EMPTY, writer.tryWrite(TestChannels.bytes(1), 0, 0));
            assertEquals(Writer.EMPTY, writer.tryWrite((format, slot, offset, maxLength) -> 0));
            assertThrows(RecordTooLongException.class, () -> writer.claim(MAX_PAYLOAD + 1));
            assertThrows(EmptyRecordException.class, () -> writer.write((format, slot, offset, maxLength) -> -3));
            assertThrows(
                EncodingException.class, () -> writer.write((format, slot, offset, maxLength) -> maxLength + 1));
            assertEquals(120, writer.write((format, slot, offset, maxLength) -> maxLength));
        }
    }

    @Test
    void shouldRefuseEveryCallWhenClosed()
    {
        final EnvelopeWriter<RawBinDataFormat> writer = create();
        writer.close();
        writer.close();

        assertEquals(Writer.CLOSED, writer.tryWrite(TestChannels.bytes(1), 0, 1));
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
        assertThrows(WriterClosedException.class, () -> writer.claim(1));
        assertThrows(WriterClosedException.class, () -> writer.commit(1));
        assertThrows(WriterClosedException.class, writer::flush);
        assertEquals(0, writer.available());
        assertEquals(0, writer.longestContent());
    }

    @Test
    void shouldGoOnWithNextNumberWhenResumed() throws IOException
    {
        final Path other = root.resolve("source");
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(other, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE), all(500)))
        {
            writer.write(TestChannels.bytes(1), 0, 1);
            writer.write(TestChannels.bytes(2), 0, 2);
            writer.heartbeat();
            Files.createDirectories(TestChannels.file(root).getParent());
            Files.copy(TestChannels.file(other), TestChannels.file(root));
        }

        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.resume(builder(), all(0));
            ShmReader reader = ShmReader.open(root, 1))
        {
            writer.write(TestChannels.bytes(3), 0, 3);
            for (int i = 1; i <= 3; i++)
            {
                assertTrue(reader.next());
                assertEquals(500 + i, reader.sequence());
                assertEquals(i, reader.length());
            }
        }
    }

    @Test
    void shouldStartAfreshWhenResumedChannelIsEmpty() throws IOException
    {
        final Path other = root.resolve("source");
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.createOrResume(
            ShmWriter.builder(other, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE), all(0)))
        {
            assertSame(RawBinDataFormat.INSTANCE, writer.dataFormat());
            Files.createDirectories(TestChannels.file(root).getParent());
            Files.copy(TestChannels.file(other), TestChannels.file(root));
        }

        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.createOrResume(builder(), all(7));
            ShmReader reader = ShmReader.open(root, 1))
        {
            writer.write(TestChannels.bytes(1), 0, 1);
            assertTrue(reader.next());
            assertEquals(8, reader.sequence());
        }
    }

    @Test
    void shouldRefuseToResumeWhenHandlersAreOthers() throws IOException
    {
        final Path other = root.resolve("source");
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(other, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE), all(0)))
        {
            assertEquals(8, writer.writeOffset());
            Files.createDirectories(TestChannels.file(root).getParent());
            Files.copy(TestChannels.file(other), TestChannels.file(root));
        }

        final ChannelNotResumableException ex = assertThrows(
            ChannelNotResumableException.class, () -> EnvelopeWriter.resume(builder(), new SequenceHandler()));
        assertTrue(ex.getMessage().contains("envelope=[1, 2, 3] handlers=[2]"), ex.getMessage());
        assertThrows(
            ChannelNotResumableException.class, () -> ShmWriter.resume(root, 1, RawBinDataFormat.INSTANCE));
    }

    @Test
    void shouldRefuseHandlersWhenThereAreTooMany()
    {
        final WriteHandler[] nine = new WriteHandler[9];
        Arrays.fill(nine, new MarkHandler(1, true, false));

        assertThrows(InvalidDescriptionException.class, () -> EnvelopeWriter.create(builder(), nine));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 254, -1, 256})
    void shouldRefuseHandlerWhenItsCodeIsNone(final int code)
    {
        assertThrows(InvalidDescriptionException.class, () -> EnvelopeWriter.create(builder(), () -> code));
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        return ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    private EnvelopeWriter<RawBinDataFormat> create()
    {
        return EnvelopeWriter.create(builder(), all(0));
    }

    private static WriteHandler[] all(final long last)
    {
        return new WriteHandler[]{
            new TimestampHandler(TickUnit.NANOS, () -> NOW), new SequenceHandler(last), new ChecksumHandler()};
    }

    private static void assertLongs(final ShmReader reader, final long... expected)
    {
        assertTrue(reader.next());
        assertEquals(8 * expected.length, reader.length());
        for (int i = 0; i < expected.length; i++)
        {
            assertEquals(expected[i], reader.buffer().getLong(reader.offset() + 8 * i));
        }
    }

    /**
     * Throws where it is told to.
     */
    private record FailingHandler(boolean isAtResume, boolean isAtPublication) implements WriteHandler
    {
        @Override
        public int code()
        {
            return EnvelopeDescriptor.APPLICATION;
        }

        @Override
        public void onResumed(final DirectBuffer buffer, final int offset)
        {
            if (isAtResume)
            {
                throw new IllegalStateException("resumed");
            }
        }

        @Override
        public void onPublished()
        {
            if (isAtPublication)
            {
                throw new IllegalStateException("published");
            }
        }
    }

    /**
     * Writes its number, as the handlers of the crate's own test do.
     */
    private record MarkHandler(long mark, boolean isBefore, boolean isBehind) implements WriteHandler
    {
        @Override
        public int code()
        {
            return EnvelopeDescriptor.APPLICATION;
        }

        @Override
        public int incomingLength()
        {
            return isBefore ? 8 : 0;
        }

        @Override
        public int outgoingLength()
        {
            return isBehind ? 8 : 0;
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            if (isBefore)
            {
                slot.putLong(offset, mark);
            }
        }

        @Override
        public void outgoing(final MutableDirectBuffer slot, final int offset)
        {
            if (isBehind)
            {
                slot.putLong(offset, mark);
            }
        }
    }
}
