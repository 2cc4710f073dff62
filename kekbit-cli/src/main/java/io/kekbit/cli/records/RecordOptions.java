package io.kekbit.cli.records;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which records of a channel a command is about, and which of their fields. To be mixed into commands.
 */
final class RecordOptions
{
    @Option(
        names = "--from",
        paramLabel = "PLACE",
        converter = PlaceConverter.class,
        description = {
            "Begin here: start, end, a POSITION in bytes, #RECORD (#0 is the first), or a TIME such as " +
                "2026-11-25T10:00:00.5Z (UTC unless it says otherwise).",
            "A time is exact where records are stamped with theirs; else the index tells it for one record in every " +
                "64 KiB or so, and reading begins up to that much too early."})
    private Place from;

    @Option(
        names = "--to",
        paramLabel = "PLACE",
        converter = PlaceConverter.class,
        description = "End before the record at this place.")
    private Place to;

    @Option(
        names = "--template",
        paramLabel = "NAME",
        split = ",",
        description = "Only these messages, by name or template id.")
    private List<String> templates = new ArrayList<>();

    @Option(
        names = "--where",
        paramLabel = "FIELD=VALUE",
        converter = ConditionConverter.class,
        description = {
            "Only records of which this holds; = != < > <= >= compare, null stands for no value. Given more than " +
                "once, all have to hold.",
            "FIELD is a name, or names with dots between: in a group, one entry that fits is enough. Numbers are " +
                "compared exactly, whatever their type and scale. Quote it, or the shell takes < and > for itself."})
    private List<Condition> conditions = new ArrayList<>();

    @Option(
        names = "--fields",
        paramLabel = "FIELD",
        split = ",",
        description = "Only these fields; a group or composite stands for all that is in it.")
    private List<String> fields = new ArrayList<>();

    @Option(
        names = "--suspect",
        description = "After a restart of the machine: also read what was never forced to the device, and may be " +
            "wrong.")
    private boolean isSuspectRead;

    /**
     * Where to begin; null where that was not said.
     */
    Place from()
    {
        return from;
    }

    /**
     * Where to end; null where that was not said.
     */
    Place to()
    {
        return to;
    }

    List<String> templates()
    {
        return templates;
    }

    List<Condition> conditions()
    {
        return conditions;
    }

    /**
     * The fields to show; empty for all of them.
     */
    List<List<String>> fields()
    {
        return fields.stream().map((field) -> convert(field.strip(), FieldPath::parse)).toList();
    }

    /**
     * Whether no template and no field is named.
     */
    boolean isNothingNamed()
    {
        return templates.isEmpty() && conditions.isEmpty() && fields.isEmpty();
    }

    boolean isSuspectRead()
    {
        return isSuspectRead;
    }

    private static <T> T convert(final String text, final Function<String, T> parser)
    {
        try
        {
            return parser.apply(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new TypeConversionException(ex.getMessage());
        }
    }

    /**
     * For {@code --from} and {@code --to}.
     */
    static final class PlaceConverter implements ITypeConverter<Place>
    {
        @Override
        public Place convert(final String text)
        {
            return RecordOptions.convert(text, Place::parse);
        }
    }

    /**
     * For {@code --where}.
     */
    static final class ConditionConverter implements ITypeConverter<Condition>
    {
        @Override
        public Condition convert(final String text)
        {
            return RecordOptions.convert(text, Condition::parse);
        }
    }
}
