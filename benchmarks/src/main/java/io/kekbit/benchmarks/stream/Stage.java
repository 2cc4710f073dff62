package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Peer;
import io.kekbit.benchmarks.stream.peers.Peers;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a measurement takes place: the folder, the peer, the other side, and numbers for channels. The calling thread
 * is the near side.
 */
final class Stage implements AutoCloseable
{
    private static final String AERON_FOLDER = "aeron";

    private final Path folder;
    private final Peer peer;
    private final FarSide farSide;
    private int channels;

    Stage(final CommonOptions options, final boolean isFarSideProcess)
    {
        folder = options.folder;
        Peer made = null;
        try
        {
            Files.createDirectories(folder);
            made = Peers.of(options.subject, folder, true);
            farSide = isFarSideProcess ?
                new FarProcess(options.subject, folder, options.farProcessor()) :
                new FarThread(made, options.farProcessor());
            // Not before: the threads of the peer and the far process would be kept on this one's processor.
            Processor.pin(options.nearProcessor());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final RuntimeException ex)
        {
            CloseHelper.quietClose(made);
            IoUtil.delete(folder.toFile(), true);
            throw ex;
        }
        peer = made;
    }

    Peer peer()
    {
        return peer;
    }

    FarSide farSide()
    {
        return farSide;
    }

    int nextChannel()
    {
        return ++channels;
    }

    /**
     * Let go of the channels of a job on both sides, and delete all channels.
     */
    void discard(final Job job)
    {
        farSide.release(job);
        peer.release(job.channel());
        peer.release(job.backChannel());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder))
        {
            for (final Path file : files)
            {
                if (!file.endsWith(AERON_FOLDER))
                {
                    IoUtil.delete(file.toFile(), false);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close()
    {
        try
        {
            CloseHelper.closeAll(farSide, peer);
        }
        finally
        {
            IoUtil.delete(folder.toFile(), true);
        }
    }
}
