package io.kekbit.cli;

/**
 * Colours, where a terminal shows them and nobody has said no (the variable NO_COLOR, see no-color.org).
 */
final class Colors
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
     */
    static Colors out()
    {
        return OUT;
    }

    /**
     * Those of standard error.
     */
    static Colors err()
    {
        return ERR;
    }

    boolean areOn()
    {
        return areOn;
    }

    /**
     * Something is wrong.
     */
    String alarm(final String text)
    {
        return in("1;31", text);
    }

    /**
     * Something deserves a look.
     */
    String warning(final String text)
    {
        return in("33", text);
    }

    /**
     * All is well.
     */
    String good(final String text)
    {
        return in("32", text);
    }

    /**
     * A heading, or the name of a value.
     */
    String heading(final String text)
    {
        return in("1", text);
    }

    /**
     * What matters less.
     */
    String faint(final String text)
    {
        return in("2", text);
    }

    private String in(final String code, final String text)
    {
        return areOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
