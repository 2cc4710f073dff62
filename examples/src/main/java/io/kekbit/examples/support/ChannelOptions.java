package io.kekbit.examples.support;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;

/**
 * Which channel it is, for both sides.
 */
public final class ChannelOptions
{
    /**
     * The folder; null where none is given.
     */
    @Option(names = "--root", paramLabel = "DIR", description = "Folder of the channel; made where it does not exist.")
    public Path root;

    /**
     * The channel's id, unsigned.
     */
    @Option(
        names = "--channel",
        paramLabel = "ID",
        defaultValue = "1",
        converter = ChannelId.class,
        description = "Id of the channel, decimal or 0x and hexadecimal; ${DEFAULT-VALUE} unless given.")
    public long channel;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * The folder, where it has to be given because another process has to be given the same.
     *
     * @return the folder.
     */
    public Path requireRoot()
    {
        if (root == null)
        {
            throw new ParameterException(
                command.commandLine(), "--root=DIR is missing: all its processes need the same one");
        }

        return root;
    }

    /**
     * An unsigned number.
     */
    public static final class ChannelId implements ITypeConverter<Long>
    {
        @Override
        public Long convert(final String text)
        {
            try
            {
                return text.startsWith("0x") ?
                    Long.parseUnsignedLong(text.substring(2), 16) : Long.parseUnsignedLong(text);
            }
            catch (final NumberFormatException ex)
            {
                throw new TypeConversionException(
                    "'" + text + "' is neither decimal nor 0x and hexadecimal, or passes 64 bits");
            }
        }
    }
}
