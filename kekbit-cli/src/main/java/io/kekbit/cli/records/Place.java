package io.kekbit.cli.records;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Objects;

/**
 * A place in a channel as the user names it: its start, its end, a position, a time, or a record by its number.
 */
final class Place
{
    /**
     * How a place is named.
     */
    enum Kind
    {
        /** Before the first record. */
        START,
        /** Behind what was written when the command began. */
        END,
        /** At a number of bytes. */
        POSITION,
        /** At the first record of a time or later. */
        TIME,
        /** At a record, counted from 0. */
        RECORD,
        /** Behind everything that will ever be written. */
        NEVER
    }

    /**
     * Before the first record.
     */
    static final Place START = new Place(Kind.START, 0, null);

    /**
     * Behind the last record.
     */
    static final Place END = new Place(Kind.END, 0, null);

    /**
     * Behind everything that will ever be written.
     */
    static final Place NEVER = new Place(Kind.NEVER, 0, null);

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
        .append(DateTimeFormatter.ISO_LOCAL_DATE)
        .optionalStart()
        .appendLiteral('T')
        .append(DateTimeFormatter.ISO_LOCAL_TIME)
        .optionalStart()
        .appendOffsetId()
        .toFormatter(Locale.ROOT);

    private final Kind kind;
    private final long number;
    private final Instant time;

    private Place(final Kind kind, final long number, final Instant time)
    {
        this.kind = kind;
        this.number = number;
        this.time = time;
    }

    /**
     * Understand what the user wrote.
     *
     * @param text {@code start}, {@code end}, a position, {@code #} and the number of a record, or a time in ISO 8601.
     * @return the place.
     * @throws IllegalArgumentException where it is none of these; the message says what is expected.
     */
    static Place parse(final String text)
    {
        Objects.requireNonNull(text, "text");
        if (text.equals("start"))
        {
            return START;
        }
        if (text.equals("end"))
        {
            return END;
        }
        try
        {
            if (text.startsWith("#"))
            {
                return new Place(Kind.RECORD, number(text.substring(1)), null);
            }
            if (text.indexOf('-', 1) > 0)
            {
                return new Place(Kind.TIME, 0, instant(text));
            }

            return new Place(Kind.POSITION, number(text), null);
        }
        catch (final NumberFormatException | DateTimeException ex)
        {
            throw new IllegalArgumentException(
                "\"" + text + "\" is no place: start, end, a position such as 4096 or 0x1000, #0 for the first " +
                    "record, or a time such as 2026-11-25T10:00:00.5Z (UTC unless it says otherwise)");
        }
    }

    /**
     * A position.
     *
     * @param position in bytes.
     * @return the place.
     */
    static Place at(final long position)
    {
        return new Place(Kind.POSITION, position, null);
    }

    /**
     * How this place is named.
     */
    Kind kind()
    {
        return kind;
    }

    /**
     * The position, or the number of the record.
     */
    long number()
    {
        return number;
    }

    /**
     * The time.
     */
    Instant time()
    {
        return time;
    }

    @Override
    public String toString()
    {
        return switch (kind)
        {
            case START -> "start";
            case END -> "end";
            case POSITION -> Long.toString(number);
            case TIME -> time.toString();
            case RECORD -> "#" + number;
            case NEVER -> "never";
        };
    }

    private static long number(final String text)
    {
        final boolean isHex = text.startsWith("0x") || text.startsWith("0X");
        final String digits = isHex ? text.substring(2) : text;
        if (digits.isEmpty() || Character.digit(digits.charAt(0), 16) < 0)
        {
            throw new NumberFormatException(text);
        }

        return Long.parseLong(digits, isHex ? 16 : 10);
    }

    private static Instant instant(final String text)
    {
        final TemporalAccessor parsed =
            TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof OffsetDateTime offset)
        {
            return offset.toInstant();
        }
        if (parsed instanceof LocalDateTime local)
        {
            return local.toInstant(ZoneOffset.UTC);
        }

        return LocalDate.from(parsed).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
