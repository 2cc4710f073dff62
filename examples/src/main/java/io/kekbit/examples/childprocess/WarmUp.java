package io.kekbit.examples.childprocess;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.examples.support.ScratchFolder;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes and reads a channel of its own, so that the JVM has compiled both before the clock runs.
 */
final class WarmUp
{
    private static final int RECORDS = 200_000;
    private static final int READ_LIMIT = 256;

    private WarmUp()
    {
    }

    static void run(final Path root) throws IOException
    {
        try (ScratchFolder folder = new ScratchFolder("warm-up", root);
            ShmWriter<RawBinDataFormat> writer =
                ShmWriter.create(folder.path(), Sentence.header(1, RECORDS), RawBinDataFormat.INSTANCE);
            ShmReader reader = ShmReader.open(folder.path(), 1))
        {
            final Sentence.Check check = new Sentence.Check();
            for (int i = 0; i < RECORDS; i++)
            {
                writer.write(Sentence.BUFFER, 0, Sentence.LENGTH);
                if (i % READ_LIMIT == 0)
                {
                    reader.read(check, READ_LIMIT);
                }
            }
        }
    }
}
