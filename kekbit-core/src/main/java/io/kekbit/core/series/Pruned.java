package io.kekbit.core.series;

/**
 * What was done to keep a series within its bounds.
 *
 * @param channels      how many channels were deleted, or would be.
 * @param bytes         how many bytes their files had.
 * @param firstPosition the first position that there is afterwards.
 * @param isHeld        whether more would have been deleted but for what named readers still need.
 */
public record Pruned(long channels, long bytes, long firstPosition, boolean isHeld)
{
}
