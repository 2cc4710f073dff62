package io.kekbit.aeron.faults;

/**
 * How much a test does, and what it prints of that: one line that begins with the word evidence. The numbers come from
 * the build, which has a short and a long form of each.
 */
final class Evidence
{
    private Evidence()
    {
    }

    /**
     * How often, as the build says.
     *
     * @param property that tells it.
     * @param fallback where it does not, as when a test is started by an editor.
     */
    static int times(final String property, final int fallback)
    {
        return Integer.getInteger(property, fallback);
    }

    /**
     * Print figures.
     *
     * @param what           was tried.
     * @param namesAndValues name, value, name, value and so on.
     */
    static void print(final String what, final Object... namesAndValues)
    {
        final StringBuilder line = new StringBuilder("evidence ").append(what).append(':');
        for (int i = 0; i < namesAndValues.length; i += 2)
        {
            line.append(' ').append(namesAndValues[i]).append('=').append(namesAndValues[i + 1]);
        }
        System.out.println(line);
    }
}
