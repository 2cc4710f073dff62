package io.kekbit.cli.support;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ages and sizes as people write them on a command line.
 */
public final class Amounts
{
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})([a-z]*)");

    private Amounts()
    {
    }

    /**
     * For an age.
     */
    public static final class DurationConverter implements ITypeConverter<Duration>
    {
        @Override
        public Duration convert(final String text)
        {
            final Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
            if (matcher.matches())
            {
                final long number = Long.parseLong(matcher.group(1));
                try
                {
                    switch (matcher.group(2))
                    {
                        case "s":
                            return Duration.ofSeconds(number);
                        case "m":
                            return Duration.ofMinutes(number);
                        case "h":
                            return Duration.ofHours(number);
                        case "d":
                            return Duration.ofDays(number);
                        default:
                            break;
                    }
                }
                catch (final ArithmeticException ex)
                {
                    throw new TypeConversionException("\"" + text + "\" is beyond all calendars");
                }
            }

            throw new TypeConversionException(
                "\"" + text + "\" is no age: a number and s, m, h or d, such as 36h");
        }
    }

    /**
     * For a size.
     */
    public static final class SizeConverter implements ITypeConverter<Long>
    {
        @Override
        public Long convert(final String text)
        {
            final Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
            final int power = matcher.matches() ? switch (matcher.group(2))
            {
                case "" -> 0;
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                case "t" -> 40;
                default -> -1;
            } : -1;
            if (power >= 0)
            {
                final long number = Long.parseLong(matcher.group(1));
                if (number <= Long.MAX_VALUE >> power)
                {
                    return number << power;
                }
            }

            throw new TypeConversionException(
                "\"" + text + "\" is no size: a number of bytes, or a number and k, m, g or t for powers of 1024");
        }
    }
}
