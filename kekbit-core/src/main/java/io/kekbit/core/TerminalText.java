package io.kekbit.core;

/**
 * Makes text that came out of a channel fit to be shown on a terminal. Labels, media types and messages can hold any
 * character, those included that move the cursor, rewrite what stands above, or turn the reading direction round.
 */
public final class TerminalText
{
    private TerminalText()
    {
    }

    /**
     * Write what a terminal would act on the way Java does, as a backslash, the letter u and four hexadecimal digits:
     * control characters but for the tabulator, format characters but for the two joiners that scripts and emoji need,
     * line and paragraph separators, and surrogates without partner.
     *
     * @param text to show.
     * @return text of one line that a terminal does not act on. A backslash stays one, so it cannot be turned back.
     */
    public static String escape(final CharSequence text)
    {
        final StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach((codePoint) ->
        {
            if (isShown(codePoint))
            {
                escaped.appendCodePoint(codePoint);
            }
            else
            {
                for (final char c : Character.toChars(codePoint))
                {
                    escaped.append(String.format("\\u%04x", (int)c));
                }
            }
        });

        return escaped.toString();
    }

    private static boolean isShown(final int codePoint)
    {
        return switch (Character.getType(codePoint))
        {
            case Character.CONTROL -> codePoint == '\t';
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
