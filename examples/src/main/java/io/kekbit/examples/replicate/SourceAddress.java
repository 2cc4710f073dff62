package io.kekbit.examples.replicate;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a source host is reached: requests at a UDP port, and what it sends from the next one.
 *
 * @param host its name or address.
 * @param port the first port.
 */
record SourceAddress(String host, int port)
{
    private static final int MAX_PORT = 65_534;

    /**
     * The Aeron channel of the requests.
     */
    String requests()
    {
        return "aeron:udp?endpoint=" + host + ":" + port;
    }

    /**
     * The Aeron channel of what the source sends. Each target has a stream of its own there, as it asks for one.
     */
    String responses()
    {
        return "aeron:udp?control=" + host + ":" + (port + 1);
    }

    @Override
    public String toString()
    {
        return host + ":" + port;
    }

    /**
     * Of the form HOST:PORT.
     */
    static final class Converter implements ITypeConverter<SourceAddress>
    {
        @Override
        public SourceAddress convert(final String text)
        {
            final int colon = text.lastIndexOf(':');
            try
            {
                final int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port >= 1 && port <= MAX_PORT)
                {
                    return new SourceAddress(text.substring(0, colon), port);
                }
            }
            catch (final NumberFormatException ex)
            {
                // Answered like a number out of range.
            }

            throw new TypeConversionException("'" + text + "' is not HOST:PORT with a port from 1 to " + MAX_PORT);
        }
    }
}
