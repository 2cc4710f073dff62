package io.kekbit.aeron.faults;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.RandomLossGenerator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A media driver in a process of its own, with a rough network behind it. Told to stop, it says what it did to the
 * datagrams.
 */
final class DriverMain
{
    static final String UP = "up";
    static final String STOP = "stop";
    static final String DONE = "done ";

    /**
     * A flawless network.
     */
    static final String SMOOTH = "0,0,0,0";

    private static final int TERM_LENGTH = 1024 * 1024;

    private DriverMain()
    {
    }

    /**
     * @param args folder of the driver, shares as {@link Roughness#parse} takes them, seed.
     */
    public static void main(final String[] args) throws IOException
    {
        final Roughness roughness = Roughness.parse(args[1], Long.parseLong(args[2]));
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(args[0])
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED)
            .publicationTermBufferLength(TERM_LENGTH)
            .receiveChannelEndpointSupplier((channel, dispatcher, indicator, driver) ->
                new DebugReceiveChannelEndpoint(
                    channel,
                    dispatcher,
                    indicator,
                    driver,
                    roughness.counting(new RandomLossGenerator(roughness.loss(), roughness.nextSeed())),
                    roughness.counting(new RandomLossGenerator(roughness.controlLoss(), roughness.nextSeed()))))
            .sendChannelEndpointSupplier((channel, indicator, driver) ->
                new RoughSendEndpoint(channel, indicator, driver, roughness))
            // How often it gives a sign of life, among others: clients wait two seconds for one.
            .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(100))
            // So that what belongs to a process that was killed is let go of within seconds.
            .clientLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(5))
            .publicationLingerTimeoutNs(TimeUnit.SECONDS.toNanos(1));
        final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (MediaDriver driver = MediaDriver.launch(context))
        {
            System.out.println(UP + " " + driver.aeronDirectoryName());
            // Ends when the parent does, too.
            input.readLine();
        }
        System.out.println(DONE + roughness);
        System.exit(0);
    }
}
