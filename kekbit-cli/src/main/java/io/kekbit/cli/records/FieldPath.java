package io.kekbit.cli.records;

import java.util.List;

/**
 * The way to a field, names divided by dots: {@code price}, {@code bids.price} in the entries of a group, {@code
 * leg.rate} in a composite.
 */
final class FieldPath
{
    private FieldPath()
    {
    }

    /**
     * Take a path to pieces.
     *
     * @param text of the path.
     * @return its names.
     * @throws IllegalArgumentException where a name is empty.
     */
    static List<String> parse(final String text)
    {
        final List<String> names = List.of(text.split("\\.", -1));
        if (names.stream().anyMatch(String::isBlank))
        {
            throw new IllegalArgumentException("\"" + text + "\" is no field: names divided by dots, as bids.price");
        }

        return names;
    }
}
