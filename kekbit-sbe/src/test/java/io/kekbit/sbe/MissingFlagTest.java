package io.kekbit.sbe;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * In a JVM of its own, since this one was started with the flag.
 */
class MissingFlagTest
{
    @Test
    @Timeout(60)
    void shouldSayWhichFlagIsMissingWhenJvmWasStartedWithout() throws Exception
    {
        final ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"), LoadFormat.class.getName());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        final Process process = builder.redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), output);
        final String sentence = "UnsupportedPlatformException: the JVM was started without the flag that Agrona " +
            "needs: add --add-opens java.base/jdk.internal.misc=ALL-UNNAMED to the java command or to " +
            "JDK_JAVA_OPTIONS";
        assertEquals(sentence + "\n" + sentence, output.strip().replace("\r", ""));
    }

    static final class LoadFormat
    {
        private LoadFormat()
        {
        }

        /**
         * Twice, since only the first touch of a class that cannot be initialised says why.
         */
        public static void main(final String[] args)
        {
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    SbeDataFormat.fromResource(SbeDataFormat.class, "META-INF/sbe/market-data.sbeir");
                }
                catch (final RuntimeException ex)
                {
                    System.out.println(ex.getClass().getSimpleName() + ": " + ex.getMessage());
                }
            }
        }
    }
}
