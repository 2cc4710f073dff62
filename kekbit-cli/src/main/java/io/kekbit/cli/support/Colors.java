package io.kekbit.cli.support;

/**
 * Colours, where a terminal shows them and nobody has said no (the variable NO_COLOR, see no-color.org).
 */
public final class Colors
{
    private static final Colors OUT = new Colors(Terminal.isOut());
    private static final Colors ERR = new Colors(Terminal.isErr());

    private final boolean areOn;

    private Colors(final boolean isTerminal)
    {
        final String no = System.getenv("NO_COLOR");
        areOn = isTerminal && (no == null || no.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * Those of standard output.
     *
     * @return the colours.
     */
    public static Colors out()
    {
        return OUT;
    }

    /**
     * Those of standard error.
     *
     * @return the colours.
     */
    public static Colors err()
    {
        return ERR;
    }

    /**
     * Whether anything is coloured.
     *
     * @return false where all texts stay as they are.
     */
    public boolean areOn()
    {
        return areOn;
    }

    /**
     * Something is wrong.
     *
     * @param text to colour.
     * @return the text, in colour where that is wanted.
     */
    public String alarm(final String text)
    {
        return in("1;31", text);
    }

    /**
     * Something deserves a look.
     *
     * @param text to colour.
     * @return the text, in colour where that is wanted.
     */
    public String warning(final String text)
    {
        return in("33", text);
    }

    /**
     * All is well.
     *
     * @param text to colour.
     * @return the text, in colour where that is wanted.
     */
    public String good(final String text)
    {
        return in("32", text);
    }

    /**
     * A heading, or the name of a value.
     *
     * @param text to colour.
     * @return the text, in colour where that is wanted.
     */
    public String heading(final String text)
    {
        return in("1", text);
    }

    /**
     * What matters less.
     *
     * @param text to colour.
     * @return the text, in colour where that is wanted.
     */
    public String faint(final String text)
    {
        return in("2", text);
    }

    private String in(final String code, final String text)
    {
        return areOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
