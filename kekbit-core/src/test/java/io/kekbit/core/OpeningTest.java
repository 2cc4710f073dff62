package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelIdMismatchException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelTooLargeException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.exceptions.IncompatibleVersionException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnsupportedFeatureException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every rule that a file has to keep before a record of it is read, and what is said when it does not.
 */
class OpeningTest
{
    @TempDir
    private Path root;
    private Path file;

    @BeforeEach
    void createChannelWithOneRecord()
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.write(TestChannels.bytes(5), 0, 5);
            file = writer.file();
        }
    }

    @Test
    void shouldReadWhenEveryRuleIsKept()
    {
        try (ShmReader reader = open())
        {
            assertEquals(1, TestChannels.readAll(reader).size());
            assertEquals(file, reader.file());
        }
    }

    @Test
    void shouldSayNotFoundWhenThereIsNoFile()
    {
        final ChannelNotFoundException ex =
            assertThrows(ChannelNotFoundException.class, () -> ShmReader.open(root, 77));

        assertEquals(ChannelPath.file(root, 77), ex.file());
        assertTrue(ex.getMessage().contains("file=" + ChannelPath.file(root, 77)), ex.getMessage());
    }

    @Test
    void shouldSayNotFoundWhenThereIsNoRoot()
    {
        assertThrows(ChannelNotFoundException.class, () -> ShmReader.open(root.resolve("nowhere"), 1));
    }

    @Test
    void shouldSayNotReadyWhenLockFileExistsAndFileDoesNot() throws IOException
    {
        Files.delete(file);
        Files.createFile(ChannelPath.lockFile(root, 1));

        assertRefused(StorageNotReadyException.class, "lockFile=" + ChannelPath.lockFile(root, 1));
    }

    @Test
    void shouldSayNotReadyWhenLockFileExistsAndExtensionDoesNot() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        Files.createFile(ChannelPath.lockFile(root, 1));

        assertRefused(StorageNotReadyException.class, "0000_0001.lock");
    }

    @Test
    void shouldSayNotReadyWhenLockFileIsDanglingLink() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        Files.createSymbolicLink(ChannelPath.lockFile(root, 1), root.resolve("nowhere"));

        assertRefused(StorageNotReadyException.class, "0000_0001.lock");
    }

    @Test
    void shouldIgnoreLockFileWhenExtensionIsPresent() throws IOException
    {
        Files.createFile(ChannelPath.lockFile(root, 1));

        open().close();
    }

    @Test
    void shouldRefuseWhenFolderStandsInPlaceOfFile() throws IOException
    {
        Files.delete(file);
        Files.createDirectory(file);

        assertRefused(NotAChannelFileException.class, "");
    }

    @Test
    void shouldRefuseWhenSymbolicLinkStandsInPlaceOfFile() throws IOException
    {
        final Path elsewhere = root.resolve("elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);

        assertRefused(NotAChannelFileException.class, "");
    }

    @Test
    @Timeout(60)
    void shouldNotHangWhenPipeStandsInPlaceOfFile() throws IOException, InterruptedException
    {
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());

        assertRefused(NotAChannelFileException.class, "");
    }

    @Test
    void shouldSayAccessRefusedWhenParentIsNoFolder() throws IOException
    {
        final Path plainFile = Files.createFile(root.resolve("plain"));

        final ChannelAccessException ex =
            assertThrows(ChannelAccessException.class, () -> ShmReader.open(plainFile, 1));

        assertTrue(ex.getMessage().contains("file=" + ChannelPath.file(plainFile, 1)), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 127})
    void shouldRefuseWhenFileIsShorterThanHeader(final int length) throws IOException
    {
        truncate(length);

        assertRefused(FileTooShortException.class, "expected=128 actual=" + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 1024, 16384, 16543})
    void shouldRefuseWhenFileIsShorterThanTheCrateMakesIt(final int length) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        truncate(length);

        assertRefused(FileTooShortException.class, "expected=16544 actual=" + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {16544, 17439})
    void shouldRefuseWhenFileWithExtensionIsShorterThanWhole(final int length) throws IOException
    {
        truncate(length);

        assertRefused(FileTooShortException.class, "expected=17440 actual=" + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {16545, 16549, 16551})
    void shouldNotReadRecordThatReachesBeyondFileOfOddLength(final int length) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        truncate(length);
        // The last word inside the file, and a record of one byte, whose padding ends outside.
        final int lastWord = 16544 - 1024 - 8;
        for (int position = 24; position < lastWord; position += 8)
        {
            TestChannels.putLengthWord(file, position, 0);
        }
        TestChannels.putLengthWord(file, lastWord, 1);

        try (ShmReader reader = open())
        {
            assertEquals(1, TestChannels.readAll(reader).size());
            assertEquals(lastWord, reader.position());
            assertEquals(ReaderState.FULL, reader.state());
        }
    }

    @Test
    void shouldReadWhenSectionsAreCutOff() throws IOException
    {
        truncate(17440);

        try (ShmReader reader = open())
        {
            assertEquals(1, TestChannels.readAll(reader).size());
            assertEquals(0, reader.extension().indexOffset());
            assertEquals(1, reader.extension().problems().size());
        }
    }

    @Test
    void shouldRefuseWhenSignatureIsForeign() throws IOException
    {
        TestChannels.putLong(file, HeaderDescriptor.SIGNATURE_OFFSET, 0x1234);

        assertRefused(InvalidSignatureException.class, "expected=0x2a5449424b454b2a actual=0x1234");
    }

    @ParameterizedTest
    @CsvSource({
        "0x0001000000000001, 1.0.1", "0x0001000100000000, 1.1.0", "0x0002000000000000, 2.0.0",
        "-1, 65535.65535.4294967295"})
    void shouldRefuseWhenVersionIsLater(final String version, final String expected) throws IOException
    {
        TestChannels.putLong(file, HeaderDescriptor.VERSION_OFFSET, Long.decode(version));

        assertRefused(IncompatibleVersionException.class, "expected=1.0.0 actual=" + expected);
    }

    @Test
    void shouldReadWhenVersionIsEarlier() throws IOException
    {
        TestChannels.putLong(file, HeaderDescriptor.VERSION_OFFSET, 0x0000_0009_0000_0000L);

        open().close();
    }

    @Test
    void shouldRefuseWhenFileHoldsAnotherChannel() throws IOException
    {
        TestChannels.putLong(file, HeaderDescriptor.CHANNEL_ID_OFFSET, -1);

        assertRefused(ChannelIdMismatchException.class, "expected=1 actual=18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16376, 16385, 16388, -1})
    void shouldRefuseWhenCapacityIsOutOfRange(final int capacity) throws IOException
    {
        TestChannels.putInt(file, HeaderDescriptor.CAPACITY_OFFSET, capacity);

        assertRefused(
            InvalidHeaderException.class, "capacity=" + Integer.toUnsignedString(capacity) + " min=16384 alignment=8");
    }

    @Test
    void shouldRefuseWhenCapacityIsMoreThanTheFileHolds() throws IOException
    {
        TestChannels.putInt(file, HeaderDescriptor.CAPACITY_OFFSET, 1 << 30);

        assertRefused(FileTooShortException.class, "expected=" + ((1 << 30) + 160));
    }

    @Test
    void shouldRefuseWhenChannelCannotBeMapped() throws IOException
    {
        // Sparse: only its length counts.
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw"))
        {
            sparse.setLength(1L << 32);
        }
        TestChannels.putInt(file, HeaderDescriptor.CAPACITY_OFFSET, HeaderDescriptor.MAX_CAPACITY + 8);

        assertRefused(ChannelTooLargeException.class, "capacity=2147478496 maxCapacity=2147478488");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 7, 113, 128, -8, Integer.MIN_VALUE})
    void shouldRefuseWhenMaxRecordLengthIsOutOfRange(final int length) throws IOException
    {
        TestChannels.putInt(file, HeaderDescriptor.MAX_RECORD_LENGTH_OFFSET, length);

        assertRefused(
            InvalidHeaderException.class,
            "maxRecordLength=" + Integer.toUnsignedString(length) + " min=8 max=120 alignment=8");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 120})
    void shouldReadWhenMaxRecordLengthIsAtItsBound(final int length) throws IOException
    {
        TestChannels.putInt(file, HeaderDescriptor.MAX_RECORD_LENGTH_OFFSET, length);

        open().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10, 255})
    void shouldRefuseWhenTickUnitIsUnknown(final int code) throws IOException
    {
        TestChannels.putByte(file, HeaderDescriptor.TICK_UNIT_OFFSET, code);

        assertRefused(InvalidHeaderException.class, "tickUnit=" + (byte)code + " allowed=9,6,3,0");
    }

    @Test
    void shouldIgnoreRestOfHeaderWhenItIsNotZero() throws IOException
    {
        for (int offset = 57; offset < HeaderDescriptor.LENGTH; offset++)
        {
            TestChannels.putByte(file, offset, 0xFF);
        }

        open().close();
    }

    @Test
    void shouldRefuseWhenRequiredFeatureIsUnknown() throws IOException
    {
        TestChannels.putInt(file, ExtensionDescriptor.REQUIRED_FEATURES_OFFSET, 0x8000_0001);

        assertRefused(UnsupportedFeatureException.class, "bits=0x80000001");
    }

    @Test
    void shouldReadWhenOptionalFeatureIsUnknown() throws IOException
    {
        TestChannels.putInt(file, ExtensionDescriptor.OPTIONAL_FEATURES_OFFSET, -1);

        open().close();
    }

    @Test
    void shouldReadAsTheCratesWhenExtensionSignatureIsMissing() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        TestChannels.putInt(file, ExtensionDescriptor.REQUIRED_FEATURES_OFFSET, -1);

        try (ShmReader reader = open())
        {
            assertFalse(reader.extension().isPresent());
            assertEquals(1, TestChannels.readAll(reader).size());
        }
    }

    @Test
    void shouldRefuseWhenFormatDoesNotAcceptContent()
    {
        final FormatMismatchException ex = assertThrows(
            FormatMismatchException.class, () -> ShmReader.open(root, 1, PlainTextDataFormat.INSTANCE));

        assertTrue(ex.getMessage().contains("PlainTextDataFormat id=0x3 mediaType=text/plain"), ex.getMessage());
        assertTrue(ex.getMessage().contains("actual=id=0x2 mediaType=application/octet-stream"), ex.getMessage());
        assertTrue(ex.getMessage().contains("file=" + file), ex.getMessage());
    }

    @Test
    void shouldReadWhenFormatAcceptsContent()
    {
        ShmReader.open(root, 1, RawBinDataFormat.INSTANCE).close();
    }

    @Test
    void shouldReadWithReadPermissionAlone() throws IOException
    {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("r-xr-x---"));
        try
        {
            open().close();
        }
        finally
        {
            Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-x---"));
        }
    }

    @Test
    void shouldNotChangeFileWhenRead() throws IOException
    {
        final byte[] before = Files.readAllBytes(file);
        try (ShmReader reader = open())
        {
            TestChannels.readAll(reader);
        }

        assertEquals(Arrays.hashCode(before), Arrays.hashCode(Files.readAllBytes(file)));
        assertEquals(before.length, Files.size(file));
    }

    @Test
    void shouldOpenAndKeepInterruptWhenThreadIsInterrupted()
    {
        Thread.currentThread().interrupt();
        try
        {
            open().close();
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    private ShmReader open()
    {
        return ShmReader.open(root, TestChannels.CHANNEL_ID);
    }

    private void truncate(final long length) throws IOException
    {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw"))
        {
            opened.setLength(length);
        }
    }

    private <T extends ChannelException> void assertRefused(final Class<T> expectedType, final String expectedDetails)
    {
        final T ex = assertThrows(expectedType, this::open);
        assertEquals(file, ex.file());
        assertTrue(ex.getMessage().contains("file=" + file), ex.getMessage());
        assertTrue(ex.getMessage().contains(expectedDetails), ex.getMessage());
    }
}
