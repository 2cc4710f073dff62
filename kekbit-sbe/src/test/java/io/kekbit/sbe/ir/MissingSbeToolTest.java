package io.kekbit.sbe.ir;

import io.kekbit.sbe.SbeDataFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * In a JVM of its own, whose class path lacks sbe-tool as that of most users does.
 */
class MissingSbeToolTest
{
    @Test
    @Timeout(60)
    void shouldSayWhatIsMissingWhenSbeToolIsNotOnTheClassPath() throws Exception
    {
        final String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter((entry) -> !entry.contains("sbe-tool"))
            .collect(Collectors.joining(File.pathSeparator));
        final ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp", classPath, MakeDecoder.class.getName());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        final Process process = builder.redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), output);
        assertEquals(
            "UnsupportedPlatformException: sbe-tool is not on the class path: add the Maven artifact " +
            "uk.co.real-logic:sbe-tool, which decodes messages without generated classes",
            output.strip());
    }

    static final class MakeDecoder
    {
        private MakeDecoder()
        {
        }

        public static void main(final String[] args)
        {
            final SbeDataFormat format = SbeDataFormat.fromResource(
                SbeDataFormat.class, "META-INF/sbe/market-data.sbeir");
            try
            {
                SchemaDecoder.of(format);
            }
            catch (final RuntimeException ex)
            {
                System.out.println(ex.getClass().getSimpleName() + ": " + ex.getMessage());
            }
        }
    }
}
