package io.kekbit.cli.aeron;

import io.aeron.Publication;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordJobTest
{
    private static final String URI = "aeron:ipc?term-length=64k";
    private static final int STREAM = 10;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    private Path root;
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private AeronHost host;

    @BeforeEach
    void launch()
    {
        final AeronOptions options = new AeronOptions();
        new CommandLine(options).parseArgs("--embedded-driver");
        host = AeronHost.open(options, notes::add);
    }

    @AfterEach
    void close()
    {
        host.close();
    }

    @Test
    void shouldSayWhatFailedAndNothingOfTheDiskWhenWriterThrows()
    {
        final CliException thrown;
        try (ShmWriter<RawBinDataFormat> writer = writer();
            Publication publication = host.aeron().addPublication(URI, STREAM))
        {
            final CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(publication));
            thrown = assertThrows(CliException.class, () -> run(throwing(writer)));
            publishing.join();
        }

        assertEquals(ExitCodes.FAILED, thrown.exitCode());
        assertTrue(thrown.getMessage().contains("of no use"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith("Recorded before: 0 messages"), thrown.getMessage());
        assertTrue(notes.stream().noneMatch((note) -> note.contains("disk")), notes.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldSayWhatWasRecordedWhenPublishersAreGone()
    {
        final int status;
        try (ShmWriter<RawBinDataFormat> writer = writer())
        {
            final CompletableFuture<Void> publishing = CompletableFuture.runAsync(() ->
            {
                try (Publication publication = host.aeron().addPublication(URI, STREAM))
                {
                    publish(publication);
                }
            });
            status = run(writer);
            publishing.join();
        }

        assertEquals(ExitCodes.OK, status);
        assertTrue(out.toString().startsWith("recorded 1 messages of 100 B in "), out.toString());
    }

    private int run(final Writer<?> writer)
    {
        final RecordJob job = new RecordJob(host, URI, STREAM, true, notes::add);
        try (Interruption interruption = new Interruption();
            TargetWriter opened = new TargetWriter(writer, root, null))
        {
            return job.run(interruption, opened, new PrintWriter(out));
        }
    }

    private ShmWriter<RawBinDataFormat> writer()
    {
        final Header header = Header.builder().channelId(1).capacity(1 << 16).maxMessageLength(200).build();

        return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
    }

    private static void publish(final Publication publication)
    {
        final long startNs = System.nanoTime();
        while (publication.offer(new UnsafeBuffer(new byte[100])) <= 0)
        {
            if (System.nanoTime() - startNs > DEADLINE_NS)
            {
                fail("nobody records");
            }
            Thread.yield();
        }
    }

    /**
     * A writer that can encode nothing.
     */
    private static Writer<?> throwing(final Writer<?> writer)
    {
        return (Writer<?>)Proxy.newProxyInstance(
            Writer.class.getClassLoader(),
            new Class<?>[]{Writer.class},
            (proxy, method, arguments) ->
            {
                if (method.getName().equals("tryWrite"))
                {
                    throw new EncodingException(null, "of no use", null);
                }

                return method.invoke(writer, arguments);
            });
    }
}
