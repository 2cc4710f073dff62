package io.kekbit.benchmarks.compare;

/**
 * What a table must show: a limit for the ratio of two rows, or for a figure itself.
 *
 * @param what     is bounded, for the list of verdicts.
 * @param figure   the label of the figure.
 * @param row      the label of the row that is judged.
 * @param against  the label of the row it is compared with, {@link #FLOOR}, or {@link #ITSELF}.
 * @param limit    that the median must keep.
 * @param isAtMost whether the limit is an upper one.
 */
public record Bound(String what, String figure, String row, String against, double limit, boolean isAtMost)
{
    /**
     * Compared with the best of the hand-written loops.
     */
    public static final String FLOOR = "the floor";

    /**
     * Not compared, the figure has to keep the limit.
     */
    public static final String ITSELF = "";

    /**
     * Judge.
     *
     * @param measured the median of the ratios, or of the figure.
     * @return whether the bound is held.
     */
    public boolean isHeld(final double measured)
    {
        return isAtMost ? measured <= limit : measured >= limit;
    }
}
