package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.StandardOutput;
import io.kekbit.core.Extension;
import io.kekbit.core.ShmReader;
import io.kekbit.core.TerminalText;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.ir.FieldDescription;
import io.kekbit.sbe.ir.MessageDescription;
import io.kekbit.sbe.ir.SchemaDecoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Shows the messages and fields that a channel can hold, from the schema that it carries.
 */
@Command(
    name = "schema",
    description = "Shows the messages that a channel can hold, and their fields, from the schema that it carries.",
    footer = {
        "%nExamples:",
        "  kekbit schema /dev/shm/channels trades",
        "  kekbit schema --message Trade /dev/shm/channels trades",
        "  kekbit schema --raw /dev/shm/channels trades > trades.sbeir"})
public final class SchemaCommand implements Callable<Integer>
{
    private static final String INDENT = "  ";
    private static final int MIN_NAME_WIDTH = 24;

    @Mixin
    private ChannelArgument channel;

    @Mixin
    private JsonOption json;

    @Option(
        names = "--message",
        paramLabel = "NAME",
        description = "Only the message of this name or template id.")
    private String message;

    @Option(names = "--raw", description = "Write the stored bytes of the schema, for SBE an .sbeir file.")
    private boolean isRaw;

    @Spec
    private CommandSpec command;

    /**
     * Prints the schema.
     *
     * @return 0.
     * @throws IOException where the file cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final Path file = channel.target().lastFile();
        final Extension extension;
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            extension = reader.extension();
        }
        if (extension.schemaLength() == 0)
        {
            throw new CliException(ExitCodes.FAILED, "the channel carries no schema: file=" + file +
                ". Ask those who write it; kekbit cat shows its records as text or hex");
        }
        if (isRaw)
        {
            writeRaw(file, extension);
            return ExitCodes.OK;
        }

        final Content content = Content.of(file, extension);
        if (content.sbe() == null)
        {
            throw content.problem() == null ?
                new CliException(ExitCodes.FAILED, "the schema is not one of SBE: file=" + file + " mediaType=" +
                    extension.mediaType() + ". --raw writes its bytes") :
                new CliException(ExitCodes.DAMAGED, content.problem());
        }
        final SchemaDecoder decoder = decoder(content.sbe());
        final List<MessageDescription> messages = decoder.messages().stream().filter(this::isWanted).toList();
        if (messages.isEmpty() && message != null)
        {
            throw new CliException(ExitCodes.FAILED, "the schema has no message '" + message + "'. It has " +
                String.join(", ", decoder.messages().stream().map(MessageDescription::name).toList()));
        }

        final PrintWriter out = command.commandLine().getOut();
        if (json.isJson())
        {
            out.println(json(content.sbe(), messages));
        }
        else
        {
            print(out, content.sbe(), messages);
        }

        return ExitCodes.OK;
    }

    private static SchemaDecoder decoder(final SbeDataFormat format)
    {
        try
        {
            return SchemaDecoder.of(format);
        }
        catch (final InvalidSchemaException ex)
        {
            throw new CliException(ExitCodes.DAMAGED, ex.getMessage());
        }
    }

    private boolean isWanted(final MessageDescription description)
    {
        return message == null || message.equals(description.name()) ||
            message.equals(Integer.toString(description.templateId()));
    }

    private static void writeRaw(final Path file, final Extension extension) throws IOException
    {
        final byte[] bytes = Content.bytes(file, extension.schemaOffset(), extension.schemaLength()).byteArray();
        new StandardOutput().write(bytes);
    }

    private static void print(
        final PrintWriter out, final SbeDataFormat format, final List<MessageDescription> messages)
    {
        final Colors colors = Colors.out();
        out.println(TerminalText.escape(format.packageName()) + ": schema " + format.schemaId() + ", version " +
            format.schemaVersion() + ", " +
            (format.byteOrder() == ByteOrder.LITTLE_ENDIAN ? "little" : "big") + " endian, message header of " +
            format.headerLayout().length() + " bytes");
        for (final MessageDescription description : messages)
        {
            out.println();
            out.println(colors.heading(TerminalText.escape(description.name())) + "  template " +
                description.templateId() + ", block of " + description.blockLength() + " bytes" +
                since(description.sinceVersion()) + comment(description.description()));
            print(out, description.fields(), INDENT);
        }
    }

    private static void print(final PrintWriter out, final List<FieldDescription> fields, final String indent)
    {
        int width = MIN_NAME_WIDTH - indent.length();
        for (final FieldDescription field : fields)
        {
            width = Math.max(width, TerminalText.escape(field.name()).length());
        }
        for (final FieldDescription field : fields)
        {
            final String name = TerminalText.escape(field.name());
            out.println(indent + name + " ".repeat(width - name.length() + INDENT.length()) + type(field) +
                presence(field) + since(field.sinceVersion()) + values(field) + comment(field.description()));
            if (field.kind() != FieldDescription.Kind.DECIMAL)
            {
                print(out, field.fields(), indent + INDENT);
            }
        }
    }

    private static String type(final FieldDescription field)
    {
        final String type = TerminalText.escape(field.type());

        return switch (field.kind())
        {
            case GROUP -> "group, entries of " + field.length() + " bytes";
            case DATA -> type + ", variable length";
            case ENUM -> type + ", enum";
            case SET -> type + ", set";
            case DECIMAL -> type + ", decimal";
            case VALUE, COMPOSITE -> type;
        };
    }

    private static String presence(final FieldDescription field)
    {
        return switch (field.presence())
        {
            case REQUIRED -> "";
            case OPTIONAL -> ", optional";
            case CONSTANT -> ", constant";
        };
    }

    private static String since(final int version)
    {
        return version == 0 ? "" : ", since version " + version;
    }

    private static String values(final FieldDescription field)
    {
        return field.values().isEmpty() ? "" : ": " + TerminalText.escape(String.join(" ", field.values()));
    }

    private static String comment(final String description)
    {
        return description.isEmpty() ? "" : Colors.out().faint("  (" + TerminalText.escape(description) + ")");
    }

    private static JsonObject json(final SbeDataFormat format, final List<MessageDescription> messages)
    {
        final List<JsonObject> objects = new ArrayList<>();
        for (final MessageDescription description : messages)
        {
            objects.add(new JsonObject()
                .text("name", description.name())
                .number("template", description.templateId())
                .number("blockLength", description.blockLength())
                .number("sinceVersion", description.sinceVersion())
                .text("description", description.description())
                .objects("fields", fields(description.fields())));
        }

        return new JsonObject()
            .text("package", format.packageName())
            .number("id", format.schemaId())
            .number("version", format.schemaVersion())
            .text("byteOrder", format.byteOrder() == ByteOrder.LITTLE_ENDIAN ? "little" : "big")
            .number("headerLength", format.headerLayout().length())
            .objects("messages", objects);
    }

    private static List<JsonObject> fields(final List<FieldDescription> fields)
    {
        final List<JsonObject> objects = new ArrayList<>();
        for (final FieldDescription field : fields)
        {
            objects.add(new JsonObject()
                .text("name", field.name())
                .number("id", field.id())
                .text("kind", field.kind().name().toLowerCase(Locale.ROOT))
                .text("type", field.type())
                .text("presence", field.presence().name().toLowerCase(Locale.ROOT))
                .number("offset", field.offset())
                .number("length", field.length())
                .number("sinceVersion", field.sinceVersion())
                .text("description", field.description())
                .texts("values", field.values())
                .objects("fields", fields(field.fields())));
        }

        return objects;
    }
}
