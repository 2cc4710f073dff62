package io.kekbit.core;

import io.kekbit.core.exceptions.UnsupportedPlatformException;
import org.agrona.IoUtil;
import org.agrona.SystemUtil;

import java.nio.ByteOrder;

/**
 * Says in one sentence what Agrona would say with a bare {@link IllegalAccessError}.
 */
final class Platform
{
    private Platform()
    {
    }

    /**
     * Check what every channel needs, before the first class that would fail is touched.
     */
    static void check()
    {
        check(
            Object.class.getModule().isExported("jdk.internal.misc", IoUtil.class.getModule()),
            ByteOrder.nativeOrder(),
            SystemUtil.isWindows());
    }

    static void check(final boolean isInternalMiscExported, final ByteOrder byteOrder, final boolean isWindows)
    {
        if (!isInternalMiscExported)
        {
            final Module agrona = IoUtil.class.getModule();
            throw new UnsupportedPlatformException("the JVM was started without the flag that Agrona needs: add " +
                "--add-opens java.base/jdk.internal.misc=" + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED") +
                " to the java command or to JDK_JAVA_OPTIONS, or 'Add-Opens: java.base/jdk.internal.misc' to the" +
                " manifest of a jar that is run with java -jar");
        }

        if (byteOrder != ByteOrder.LITTLE_ENDIAN)
        {
            throw new UnsupportedPlatformException("this processor is big endian, and channels are little endian:" +
                " run kekbit on x86-64 or ARM64");
        }

        if (isWindows)
        {
            throw new UnsupportedPlatformException("Windows is not supported, since files there cannot be removed" +
                " while they are mapped: run kekbit on Linux or macOS");
        }
    }
}
