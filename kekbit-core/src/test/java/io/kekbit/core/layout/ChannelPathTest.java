package io.kekbit.core.layout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ChannelPathTest
{
    private static final Path ROOT = Path.of("root");

    @ParameterizedTest
    @CsvSource({
        "0, 0000_0000/0000_0000",
        "42, 0000_0000/0000_002a",
        "0xAAAA00BB000C0DD, 0aaa_a00b/b000_c0dd",
        "0x7FFFFFFFFFFFFFFF, 7fff_ffff/ffff_ffff",
        "-1, ffff_ffff/ffff_ffff"})
    void shouldNameFilesAfterFourGroupsWhenGivenId(final String channelId, final String expected)
    {
        final long id = Long.decode(channelId);

        assertEquals(ROOT.resolve(expected + ".kekbit"), ChannelPath.file(ROOT, id));
        assertEquals(ROOT.resolve(expected + ".lock"), ChannelPath.lockFile(ROOT, id));
        assertEquals(ROOT.resolve(expected + ".writer"), ChannelPath.writerFile(ROOT, id));
    }

    @Test
    void shouldUseUnsignedIdWhenHighestBitIsSet()
    {
        assertEquals(Path.of("aaaa_00bb/000c_0ddd.kekbit"), ChannelPath.relative(0xAAAA_00BB_000C_0DDDL));
    }

    @Test
    void shouldNameFilesBesideChannelWhenGivenItsFile()
    {
        final Path file = ChannelPath.file(ROOT, 42);

        assertEquals(ChannelPath.lockFile(ROOT, 42), ChannelPath.lockFile(file));
        assertEquals(ChannelPath.writerFile(ROOT, 42), ChannelPath.writerFile(file));
        assertEquals(ROOT.resolve("copy.1.writer"), ChannelPath.writerFile(ROOT.resolve("copy.1")));
    }
}
