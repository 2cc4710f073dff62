package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.sbe.ir.FieldDescription;
import io.kekbit.sbe.ir.FieldDescription.Kind;
import io.kekbit.sbe.ir.MessageDescription;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The fields that messages of a schema can have, found by their paths.
 */
final class SchemaFields
{
    private static final Pattern NUMBER = Pattern.compile(".*\\b(u?int(8|16|32|64)|float|double)(\\[[0-9]+])?");

    private final Collection<MessageDescription> messages;

    /**
     * @param messages that are looked at.
     */
    SchemaFields(final Collection<MessageDescription> messages)
    {
        this.messages = messages;
    }

    /**
     * See that conditions can be true of some message.
     *
     * @throws CliException where a field does not exist, or cannot be compared as asked.
     */
    void check(final List<Condition> conditions)
    {
        for (final Condition condition : conditions)
        {
            final List<FieldDescription> found = find(condition.path());
            requireFound(condition.path(), found);
            if (found.stream().noneMatch(SchemaFields::isLeaf))
            {
                throw new CliException(
                    ExitCodes.USAGE,
                    String.join(".", condition.path()) + " is more than one value. Name a field in it: " +
                        String.join(", ", leaves(condition.path()).stream().map((leaf) -> String.join(".", leaf))
                            .toList()));
            }
            if (!condition.isNumeric() && found.stream().allMatch(SchemaFields::isNumber))
            {
                throw new CliException(
                    ExitCodes.USAGE,
                    "\"" + condition + "\": " + String.join(".", condition.path()) +
                        " is a number, and what it is compared with is none");
            }
            requireNamed(condition, found);
        }
    }

    /**
     * The paths to single values at or below others, each once.
     *
     * @param chosen paths; none for all that the messages have.
     * @return the paths, in the order chosen and of the schema.
     * @throws CliException where one of those chosen does not exist.
     */
    Collection<List<String>> leaves(final Collection<List<String>> chosen)
    {
        if (chosen.isEmpty())
        {
            return leaves(List.<String>of());
        }
        final Collection<List<String>> leaves = new LinkedHashSet<>();
        for (final List<String> path : chosen)
        {
            requireFound(path, find(path));
            leaves.addAll(leaves(path));
        }

        return leaves;
    }

    private Collection<List<String>> leaves(final List<String> path)
    {
        final Collection<List<String>> leaves = new LinkedHashSet<>();
        for (final MessageDescription message : messages)
        {
            if (path.isEmpty())
            {
                addLeaves(path, message.fields(), leaves);
            }
            for (final FieldDescription field : find(path, message.fields()))
            {
                if (isLeaf(field))
                {
                    leaves.add(path);
                }
                else
                {
                    addLeaves(path, field.fields(), leaves);
                }
            }
        }

        return leaves;
    }

    private static void addLeaves(
        final List<String> path, final List<FieldDescription> fields, final Collection<List<String>> leaves)
    {
        for (final FieldDescription field : fields)
        {
            final List<String> below = new ArrayList<>(path);
            below.add(field.name());
            if (isLeaf(field))
            {
                leaves.add(below);
            }
            else
            {
                addLeaves(below, field.fields(), leaves);
            }
        }
    }

    private List<FieldDescription> find(final List<String> path)
    {
        return messages.stream().flatMap((message) -> find(path, message.fields()).stream()).toList();
    }

    private static List<FieldDescription> find(final List<String> path, final List<FieldDescription> fields)
    {
        List<FieldDescription> found = List.of();
        List<FieldDescription> level = fields;
        for (final String name : path)
        {
            found = level.stream().filter((field) -> field.name().equals(name)).toList();
            level = found.stream().filter((field) -> !isLeaf(field)).flatMap((field) -> field.fields().stream())
                .toList();
        }

        return found;
    }

    private static void requireFound(final List<String> path, final List<FieldDescription> found)
    {
        if (found.isEmpty())
        {
            throw new CliException(
                ExitCodes.USAGE,
                "no field " + String.join(".", path) + " in any of these messages. kekbit schema CHANNEL shows " +
                    "what there is");
        }
    }

    /**
     * Whoever mistypes the name of a value would wait for records that cannot come.
     */
    private static void requireNamed(final Condition condition, final List<FieldDescription> found)
    {
        final Collection<String> values = new LinkedHashSet<>();
        for (final FieldDescription field : found)
        {
            final List<String> names = field.values().stream().map((value) -> value.replaceFirst("=.*", "")).toList();
            if (field.kind() != Kind.ENUM && field.kind() != Kind.SET ||
                condition.fits(names, field.kind() == Kind.ENUM))
            {
                return;
            }
            values.addAll(names);
        }

        throw new CliException(
            ExitCodes.USAGE,
            "\"" + condition + "\": " + String.join(".", condition.path()) + " has no such value. It has " +
                String.join(", ", values));
    }

    private static boolean isLeaf(final FieldDescription field)
    {
        return field.kind() != Kind.GROUP && field.kind() != Kind.COMPOSITE;
    }

    private static boolean isNumber(final FieldDescription field)
    {
        return field.kind() == Kind.DECIMAL || field.kind() == Kind.VALUE && NUMBER.matcher(field.type()).matches();
    }
}
