package io.kekbit.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param name    in one or two words.
 * @param verdict whether it is as it should be.
 * @param finding what was found.
 * @param advice  what to do, or an empty text.
 */
record Check(String name, Verdict verdict, String finding, String advice)
{
    /**
     * Whether something is as it should be.
     */
    enum Verdict
    {
        /**
         * It is.
         */
        OK,

        /**
         * It works, but not as well as it could, or not for ever.
         */
        WARNING,

        /**
         * It does not work.
         */
        PROBLEM
    }

    static Check ok(final String name, final String finding)
    {
        return new Check(name, Verdict.OK, finding, "");
    }

    static Check warning(final String name, final String finding, final String advice)
    {
        return new Check(name, Verdict.WARNING, finding, advice);
    }

    static Check problem(final String name, final String finding, final String advice)
    {
        return new Check(name, Verdict.PROBLEM, finding, advice);
    }
}
