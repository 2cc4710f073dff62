package io.kekbit.cli.records;

/**
 * Values as they stand in a CSV file after RFC 4180: divided by commas, in quotes where they hold what would be
 * mistaken, lines ended by CR LF.
 */
final class Csv
{
    /**
     * What ends a line.
     */
    static final String LINE_END = "\r\n";

    private Csv()
    {
    }

    /**
     * Append a value.
     *
     * @param out  to append to.
     * @param text null for no value; an empty text is told from that by its quotes.
     */
    static void append(final StringBuilder out, final CharSequence text)
    {
        if (text == null)
        {
            return;
        }
        if (text.length() > 0 && !needsQuotes(text))
        {
            out.append(text);
            return;
        }

        out.append('"');
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            out.append(c);
            if (c == '"')
            {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean needsQuotes(final CharSequence text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            switch (text.charAt(i))
            {
                case ',', '"', '\r', '\n' ->
                {
                    return true;
                }
                default ->
                {
                }
            }
        }

        // Some readers drop blanks around values without quotes.
        return text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ';
    }
}
