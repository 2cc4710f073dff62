package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Peer;
import io.kekbit.benchmarks.stream.peers.Peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process of {@link FarProcess}.
 */
final class FarMain
{
    static final String BEGIN = "begin ";
    static final String READY = "ready";
    static final String DONE = "done ";
    static final String FAILED = "failed ";
    static final String RELEASE = "release ";
    static final String RELEASED = "released";

    private static final String END = "end";

    private FarMain()
    {
    }

    public static void main(final String[] args) throws InterruptedException
    {
        // Peers may print too, which must not get between the answers.
        final PrintStream answers = System.out;
        System.setOut(System.err);

        final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        final Thread listener = new Thread(() -> listen(requests), "requests");
        listener.setDaemon(true);
        listener.start();

        try (Peer peer = Peers.of(args[0], Path.of(args[1]), false))
        {
            // Not before: the threads that a peer starts would be kept on this one's processor.
            Processor.pin(args.length > 2 ? args[2] : null);
            String request = requests.take();
            while (!END.equals(request))
            {
                serve(peer, request, answers);
                request = requests.take();
            }
        }
        catch (final RuntimeException ex)
        {
            ex.printStackTrace(System.err);
            answers.println(FAILED + ex);
        }
    }

    private static void serve(final Peer peer, final String request, final PrintStream answers)
    {
        if (request.startsWith(BEGIN))
        {
            final Job job = Job.parse(request.substring(BEGIN.length()));
            answers.println(DONE + FarWork.run(peer, job, () -> answers.println(READY)).toLine());
        }
        else if (request.startsWith(RELEASE))
        {
            final Job job = Job.parse(request.substring(RELEASE.length()));
            peer.release(job.channel());
            peer.release(job.backChannel());
            answers.println(RELEASED);
        }
        else
        {
            throw new IllegalArgumentException("not a request: " + request);
        }
    }

    private static void listen(final BlockingQueue<String> requests)
    {
        try
        {
            final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = input.readLine();
            while (line != null)
            {
                requests.add(line);
                line = input.readLine();
            }
        }
        catch (final IOException ex)
        {
            ex.printStackTrace(System.err);
        }
        requests.add(END);
        try
        {
            // Whoever asked is gone: a job that waits for a message now would wait for nothing.
            Thread.sleep(5_000);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
