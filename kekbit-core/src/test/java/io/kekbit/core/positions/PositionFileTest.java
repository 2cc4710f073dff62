package io.kekbit.core.positions;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.IncompatibleVersionException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.PositionDamagedException;
import io.kekbit.core.exceptions.PositionInUseException;
import io.kekbit.core.exceptions.PositionMismatchException;
import io.kekbit.core.layout.PositionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The file of a name: its bytes, who may hold it, and what becomes of one that is damaged.
 */
class PositionFileTest
{
    private static final String NAME = "risk-1";
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final StreamIdentity CHANNEL = new StreamIdentity(PositionDescriptor.KIND_CHANNEL, 42, 4711);

    @TempDir
    private Path folder;

    @Test
    void shouldLayFileOutAsDescribedWhenNameIsNew() throws IOException
    {
        open().close();

        final UnsafeBuffer bytes = bytes();
        assertEquals(256, bytes.capacity());
        assertEquals("KEKBITP1", bytes.getStringWithoutLengthAscii(0, 8));
        assertEquals(1, bytes.getInt(8, LITTLE_ENDIAN));
        assertEquals(1, bytes.getInt(12, LITTLE_ENDIAN));
        assertEquals(42, bytes.getLong(16, LITTLE_ENDIAN));
        assertEquals(4711, bytes.getLong(24, LITTLE_ENDIAN));
        assertEquals(NOW_MS, bytes.getLong(32, LITTLE_ENDIAN));
        assertEquals(NAME, bytes.getStringWithoutLengthAscii(40, NAME.length()));
        for (int i = 40 + NAME.length(); i < 120; i++)
        {
            assertEquals(0, bytes.getByte(i));
        }
        assertEquals(PositionDescriptor.check(bytes), bytes.getLong(120, LITTLE_ENDIAN));
        for (int i = 128; i < 192; i++)
        {
            assertEquals(0, bytes.getByte(i));
        }
    }

    @Test
    void shouldLaySlotOutAsDescribedWhenPositionIsStored() throws IOException
    {
        try (PositionFile file = open())
        {
            file.refresh(NOW_MS + 5, 16, 3);
            file.store(8000, 100);
        }

        final UnsafeBuffer bytes = bytes();
        assertEquals(2, bytes.getLong(128, LITTLE_ENDIAN));
        assertEquals(8000, bytes.getLong(136, LITTLE_ENDIAN));
        assertEquals(100, bytes.getLong(144, LITTLE_ENDIAN));
        assertEquals(NOW_MS + 5, bytes.getLong(152, LITTLE_ENDIAN));
        assertEquals(16, bytes.getLong(160, LITTLE_ENDIAN));
        assertEquals(3, bytes.getLong(168, LITTLE_ENDIAN));
        final UnsafeBuffer copy = new UnsafeBuffer(bytes.byteArray().clone());
        final long check = bytes.getLong(120, LITTLE_ENDIAN);
        final long boot = bytes.getLong(176, LITTLE_ENDIAN);
        PositionDescriptor.putSlot(copy, check, 2, 8000, 100, NOW_MS + 5, 16, 3, boot);
        assertEquals(copy.getLong(184, LITTLE_ENDIAN), bytes.getLong(184, LITTLE_ENDIAN));
    }

    @Test
    void shouldMixWordsIntoCheckInTheOrderDescribed()
    {
        final long start = PositionDescriptor.slotCheckStart(1, 2, 3, 4, 5);

        assertEquals(mix(5 + mix(4 + mix(3 + mix(2 + 1)))), start);
        assertEquals(mix(8 + mix(7 + mix(6 + start))), PositionDescriptor.slotCheck(start, 6, 7, 8));
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[PositionDescriptor.LENGTH]);
        long expected = 0;
        for (int i = 0; i < 15; i++)
        {
            bytes.putLong(8 * i, i + 1, LITTLE_ENDIAN);
            expected = mix(i + 1 + expected);
        }
        assertEquals(expected, PositionDescriptor.check(bytes));
    }

    @Test
    void shouldUseSlotsInTurnWhenStoring() throws IOException
    {
        try (PositionFile file = open())
        {
            for (int i = 1; i <= 5; i++)
            {
                file.store(8L * i, i);
                final UnsafeBuffer bytes = bytes();
                final int slot = PositionDescriptor.slotOffset(i + 1);

                assertEquals(i % 2 == 1 ? 128 : 192, slot);
                assertEquals(8L * i, bytes.getLong(slot + 8, LITTLE_ENDIAN));
            }
        }
    }

    @Test
    void shouldFindWhatWasStoredWhenOpenedAgain()
    {
        try (PositionFile file = open())
        {
            assertTrue(file.isNew());
            assertEquals(8, file.position());
            file.refresh(NOW_MS + 7, 24, 9);
            file.store(800, 10);
        }

        try (PositionFile file = open())
        {
            assertFalse(file.isNew());
            assertEquals(800, file.position());
            assertEquals(10, file.records());
            assertEquals(24, file.vouched());
            assertEquals(9, file.foundEpoch());
            assertTrue(file.isOfThisBoot());
        }
        final NamedPosition found = NamedPosition.of(folder, NAME);
        assertEquals(CHANNEL, found.stream());
        assertEquals(800, found.position());
        assertEquals(OptionalLong.of(10), found.records());
        assertEquals(Instant.ofEpochMilli(NOW_MS), found.firstUsed());
        assertEquals(Instant.ofEpochMilli(NOW_MS + 7), found.storedAt());
        assertFalse(found.isInUse());
    }

    /**
     * Whatever a killed process has stored of a slot, in whatever order, the position is the one stored before.
     */
    @Test
    void shouldFindPositionBeforeWhenSlotIsTornAnywhere() throws IOException
    {
        final byte[] before;
        final byte[] after;
        try (PositionFile file = open())
        {
            file.store(800, 10);
            file.store(808, 11);
            before = Files.readAllBytes(file());
            file.refresh(NOW_MS + 1, 8, 2);
            file.store(816, 12);
            after = Files.readAllBytes(file());
        }
        final int slot = PositionDescriptor.slotOffset(4);

        for (int stored = 1; stored < 255; stored++)
        {
            final byte[] torn = before.clone();
            boolean isAnyOld = false;
            for (int word = 0; word < 8; word++)
            {
                if ((stored & 1 << word) != 0)
                {
                    System.arraycopy(after, slot + 8 * word, torn, slot + 8 * word, 8);
                }
                else
                {
                    isAnyOld |= !Arrays.equals(
                        before, slot + 8 * word, slot + 8 * word + 8, after, slot + 8 * word, slot + 8 * word + 8);
                }
            }
            Files.write(file(), torn);

            assertEquals(isAnyOld ? 808 : 816, NamedPosition.of(folder, NAME).position(), "stored " + stored);
        }
    }

    @Test
    void shouldFindOtherPositionOrSayDamagedWhenAnyBitIsFlipped() throws IOException
    {
        try (PositionFile file = open())
        {
            file.store(800, 10);
            file.store(808, 11);
        }
        final byte[] whole = Files.readAllBytes(file());
        int damaged = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++)
        {
            final byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Files.write(file(), flipped);
            try
            {
                final long expected = bit / 8 < PositionDescriptor.slotOffset(1) ? 808 : 800;
                assertEquals(expected, NamedPosition.of(folder, NAME).position(), "bit " + bit);
            }
            catch (final PositionDamagedException | IncompatibleVersionException ex)
            {
                damaged++;
            }
        }

        // Every bit before the slots, those of the latter's sequence included, since they are part of its check.
        assertEquals(128 * 8, damaged);
    }

    @Test
    void shouldSayDamagedWhenBothSlotsAre() throws IOException
    {
        open().close();
        final UnsafeBuffer bytes = bytes();
        bytes.setMemory(128, 128, (byte)0x5A);
        Files.write(file(), bytes.byteArray());

        assertSaid(PositionDamagedException.class, "both slots");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 255, 257, 4096})
    void shouldSayDamagedWhenLengthIsWrong(final int length) throws IOException
    {
        open().close();
        Files.write(file(), Arrays.copyOf(Files.readAllBytes(file()), length));

        assertSaid(PositionDamagedException.class, "length " + length);
        assertEquals(length, Files.size(file()));
    }

    @Test
    void shouldSayDamagedOrStayWholeWhenBytesAreRandom() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(1);
        open().close();
        final byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < 300; i++)
        {
            final byte[] bytes = whole.clone();
            final int start = random.nextInt(bytes.length);
            for (int j = start; j < Math.min(bytes.length, start + 1 + random.nextInt(64)); j++)
            {
                bytes[j] = (byte)random.nextInt();
            }
            Files.write(file(), bytes);
            try (PositionFile file = open())
            {
                assertEquals(8, file.position());
            }
            catch (final PositionDamagedException | IncompatibleVersionException ex)
            {
                assertEquals(file(), ex.file());
            }
        }
    }

    @Test
    void shouldRefuseWhenFileIsOfLaterVersion() throws IOException
    {
        open().close();
        final UnsafeBuffer bytes = bytes();
        bytes.putInt(8, 2, LITTLE_ENDIAN);
        Files.write(file(), bytes.byteArray());

        assertSaid(IncompatibleVersionException.class, "2.0.0");
    }

    @Test
    void shouldRefuseWhenFileIsOneOfAnotherName() throws IOException
    {
        open().close();
        Files.move(file(), folder.resolve("other.position"));

        final PositionDamagedException ex =
            assertThrows(PositionDamagedException.class, () -> NamedPosition.of(folder, "other"));
        assertTrue(ex.getMessage().contains(NAME), ex.getMessage());
    }

    @Test
    void shouldRefuseWhenPositionIsOfAnotherChannel() throws IOException
    {
        open().close();
        final byte[] before = Files.readAllBytes(file());

        for (final StreamIdentity other : List.of(
            new StreamIdentity(PositionDescriptor.KIND_CHANNEL, 43, 4711),
            new StreamIdentity(PositionDescriptor.KIND_CHANNEL, 42, 4712),
            StreamIdentity.ofSeries(42)))
        {
            assertThrows(
                PositionMismatchException.class, () -> PositionFile.open(folder, NAME, other, 0, 0, NOW_MS).close());
        }
        assertEquals(new UnsafeBuffer(before), bytes());
    }

    @Test
    void shouldRefuseWhenSymbolicLinkStandsInPlaceOfFile() throws IOException
    {
        open().close();
        final Path elsewhere = folder.resolve("elsewhere");
        Files.move(file(), elsewhere);
        Files.createSymbolicLink(file(), elsewhere);

        assertSaid(NotAChannelFileException.class, "not a regular file");
    }

    @Test
    void shouldRefuseWhenAnotherReaderHasTheName()
    {
        try (PositionFile file = open())
        {
            assertThrows(PositionInUseException.class, this::open);
            assertTrue(NamedPosition.of(folder, NAME).isInUse());
            // Neither the refusal nor the look has taken the lock away.
            assertThrows(PositionInUseException.class, this::open);
            file.store(16, 1);
        }
        open().close();
    }

    @Test
    void shouldLetGoOfNameWhenItCannotBeOpened() throws IOException
    {
        open().close();
        final byte[] whole = Files.readAllBytes(file());
        Files.write(file(), new byte[256]);
        assertThrows(PositionDamagedException.class, this::open);

        Files.write(file(), whole);
        open().close();
    }

    @Test
    void shouldSweepAwayWhatKilledMakerLeft() throws IOException
    {
        Files.writeString(folder.resolve(NAME + ".position.tmp"), "half");

        open().close();

        assertEquals(List.of(NAME + ".position", NAME + ".reader"), fileNames());
    }

    @Test
    void shouldMakeFilesThatOthersCannotWriteTo() throws IOException
    {
        final Path deeper = folder.resolve("a").resolve("b");
        PositionFile.open(deeper, NAME, CHANNEL, 8, 0, NOW_MS).close();

        for (final Path path : List.of(deeper, deeper.resolve(NAME + ".position"), deeper.resolve(NAME + ".reader")))
        {
            final String mode = PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            assertTrue(mode.endsWith("---") && mode.charAt(4) == '-', path + " " + mode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "-a", ".a", "a b", "ä", "a\0", "a\n"})
    void shouldRefuseWhenNameIsNone(final String name)
    {
        assertThrows(IllegalArgumentException.class, () -> NamedPosition.of(folder, name));
    }

    @Test
    void shouldTakeNameOfTheGreatestLength()
    {
        final String longest = "A".repeat(64);
        PositionFile.open(folder, longest, CHANNEL, 8, 0, NOW_MS).close();

        assertEquals(8, NamedPosition.of(folder, longest).position());
        assertThrows(IllegalArgumentException.class, () -> NamedPosition.of(folder, longest + "A"));
    }

    @Test
    void shouldStayInterruptedWhenOpenedByInterruptedThread()
    {
        Thread.currentThread().interrupt();
        try
        {
            open().close();
            assertEquals(8, NamedPosition.of(folder, NAME).position());
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldListWholeNamesAndNameTheOthers() throws IOException
    {
        open().close();
        PositionFile.open(folder, "audit", CHANNEL, 80, 0, NOW_MS).close();
        Files.writeString(folder.resolve("bad.position"), "no position");
        Files.writeString(folder.resolve("not a name.position"), "no name");
        Files.writeString(folder.resolve("notes.txt"), "nothing of ours");

        final NamedPositions names = NamedPositions.in(folder);

        assertEquals(List.of("audit", NAME), names.positions().stream().map(NamedPosition::name).toList());
        assertEquals(
            List.of(folder.resolve("bad.position")), names.problems().stream().map(ChannelException::file).toList());
    }

    @Test
    void shouldListNothingWhenThereIsNoFolder()
    {
        final NamedPositions names = NamedPositions.in(folder.resolve("missing"));

        assertEquals(List.of(), names.positions());
        assertEquals(List.of(), names.problems());
        assertThrows(ChannelNotFoundException.class, () -> NamedPosition.of(folder, NAME));
    }

    @Test
    void shouldTellWhatIsStillNeededOfStreamWhenSomeReadersAreGone()
    {
        PositionFile.open(folder, "late", CHANNEL, 80, 0, NOW_MS).close();
        PositionFile.open(folder, "early", CHANNEL, 800, 0, NOW_MS + 1000).close();
        PositionFile.open(folder, "other", StreamIdentity.ofSeries(42), 8, 0, NOW_MS).close();
        final NamedPositions names = NamedPositions.in(folder);

        assertEquals(OptionalLong.of(80), names.lowest(CHANNEL, Instant.MIN));
        assertEquals(OptionalLong.of(80), names.lowest(CHANNEL, Instant.ofEpochMilli(NOW_MS)));
        assertEquals(OptionalLong.of(800), names.lowest(CHANNEL, Instant.ofEpochMilli(NOW_MS + 1)));
        assertEquals(OptionalLong.empty(), names.lowest(CHANNEL, Instant.MAX));
        assertEquals(OptionalLong.empty(), names.lowest(StreamIdentity.ofSeries(43), Instant.MIN));
    }

    @Test
    void shouldForgetNameWhenItIsDeleted() throws IOException
    {
        assertFalse(NamedPositions.delete(folder, NAME));
        try (PositionFile file = open())
        {
            file.store(800, 10);
            assertThrows(PositionInUseException.class, () -> NamedPositions.delete(folder, NAME));
        }

        assertTrue(NamedPositions.delete(folder, NAME));

        assertEquals(List.of(), fileNames());
        try (PositionFile file = open())
        {
            assertTrue(file.isNew());
        }
    }

    @Test
    @Timeout(60)
    void shouldSeePositionsThatBelongTogetherWhenLookedAtWhileStoring() throws InterruptedException
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        try (PositionFile file = open())
        {
            file.store(8, 1);
            final Thread storing = new Thread(() ->
            {
                for (long i = 2; !isDone.get(); i++)
                {
                    file.store(8 * i, i);
                }
            });
            storing.start();
            try
            {
                long last = 0;
                for (int i = 0; i < 10_000; i++)
                {
                    final NamedPosition seen = NamedPosition.of(folder, NAME);
                    assertEquals(seen.position(), 8 * seen.records().orElseThrow());
                    assertTrue(seen.position() >= last, "it went back");
                    last = seen.position();
                }
            }
            finally
            {
                isDone.set(true);
                storing.join();
            }
        }
    }

    private PositionFile open()
    {
        return PositionFile.open(folder, NAME, CHANNEL, 8, 0, NOW_MS);
    }

    private Path file()
    {
        return folder.resolve(NAME + ".position");
    }

    private UnsafeBuffer bytes() throws IOException
    {
        return new UnsafeBuffer(Files.readAllBytes(file()));
    }

    private List<String> fileNames() throws IOException
    {
        try (var files = Files.list(folder))
        {
            return files.map((path) -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void assertSaid(final Class<? extends ChannelException> type, final String text)
    {
        for (final ChannelException ex : List.of(
            assertThrows(type, () -> NamedPosition.of(folder, NAME)),
            assertThrows(type, this::open)))
        {
            assertEquals(file(), ex.file());
            assertTrue(ex.getMessage().contains(text), ex.getMessage());
            assertTrue(ex.getMessage().getBytes(StandardCharsets.UTF_8).length < 1000, ex.getMessage());
        }
    }

    private static long mix(final long value)
    {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;

        return z ^ z >>> 31;
    }
}
