package io.kekbit.sbe;

import io.kekbit.core.Reader;
import io.kekbit.core.RecordHandler;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Hands the messages of a channel to a handler for each template, decoded in place.
 * <pre>
 * SbeDispatcher&lt;Book&gt; dispatcher = new SbeDispatcher&lt;&gt;(format, book)
 *     .on(new TradeDecoder(), Book::onTrade)               // void onTrade(TradeDecoder trade, SbeFrame frame)
 *     .on(new BookUpdateDecoder(), Book::onUpdate);
 *
 * reader.read(dispatcher, limit);
 * </pre>
 * Nothing in a record is trusted. Decoders stand on a view of exactly the record, and the record's length is the only
 * truth about where a message ends. Records that no handler can take are counted and handed to the {@link
 * #otherwise(SbeFallback) fallback}; they are never an exception. That rests on Agrona's bounds checks: do not set
 * {@code agrona.disable.bounds.checks} where writers are not trusted.
 * <p>
 * Messages of other versions of the schema are handed over like all others: the decoder answers null values for fields
 * that the writer did not know.
 * <p>
 * Belongs to the thread that reads, its counts too.
 *
 * @param <C> the application's own, handed to all handlers.
 */
public final class SbeDispatcher<C> implements RecordHandler
{
    private static final int NO_ROUTE = -1;
    private static final int NOT_TOLD = -1;

    private final SbeDataFormat format;
    private final MessageHeaderLayout header;
    private final int headerLength;
    private final int schemaId;
    private final C context;
    private final SbeFrame frame = new SbeFrame();
    private final UnsafeBuffer record = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
    private final Int2IntHashMap routeIndexByTemplateId = new Int2IntHashMap(NO_ROUTE);
    private Route<C>[] routes = newRoutes(0);
    private SbeFallback<? super C> fallback;
    private long unknownTemplates;
    private long foreignSchemas;
    private long malformedRecords;

    /**
     * A dispatcher without handlers yet.
     *
     * @param format  of the messages.
     * @param context handed to all handlers; null where they need none.
     */
    public SbeDispatcher(final SbeDataFormat format, final C context)
    {
        this.format = format;
        this.context = context;
        header = format.headerLayout();
        headerLength = header.length();
        schemaId = format.schemaId();
    }

    /**
     * Hand the messages of a template to a handler.
     *
     * @param decoder of the message, which from now on is the dispatcher's.
     * @param handler to take the messages.
     * @param <D>     the message's generated decoder.
     * @return this.
     * @throws IllegalArgumentException where the decoder is not of the format's schema, or of a newer version of it, or
     *                                  the template has a handler already.
     */
    public <D extends MessageDecoderFlyweight> SbeDispatcher<C> on(
        final D decoder, final SbeHandler<? super C, ? super D> handler)
    {
        final int templateId = decoder.sbeTemplateId();
        final MessageLayout message = format.message(templateId);
        if (message == null ||
            decoder.sbeSchemaId() != schemaId ||
            decoder.sbeSchemaVersion() > format.schemaVersion())
        {
            throw new IllegalArgumentException(
                "decoder is not of the format's schema: decoder=" + decoder.getClass().getName() +
                " schemaId=" + decoder.sbeSchemaId() +
                " version=" + decoder.sbeSchemaVersion() +
                " templateId=" + templateId +
                " format=" + format + ". Make the format from the schema of this decoder.");
        }

        if (routeIndexByTemplateId.containsKey(templateId))
        {
            throw new IllegalArgumentException("the template has a handler already: message=" + message.name() +
                " templateId=" + templateId);
        }

        routeIndexByTemplateId.put(templateId, routes.length);
        routes = ArrayUtil.add(routes, new Route<>(message, decoder, handler));

        return this;
    }

    /**
     * Hand the records that no handler can take to a fallback. Unless set, they are only counted.
     *
     * @param recordFallback to take them.
     * @return this.
     */
    public SbeDispatcher<C> otherwise(final SbeFallback<? super C> recordFallback)
    {
        fallback = recordFallback;
        return this;
    }

    /**
     * Let {@link SbeFrame#sequence()} and {@link SbeFrame#time()} tell what stands in the envelopes of a reader's
     * records.
     *
     * @param reader that the records will come from.
     * @return this.
     */
    public SbeDispatcher<C> envelopeFrom(final Reader reader)
    {
        frame.envelopeFrom(reader);
        return this;
    }

    /**
     * Records of a template without a handler, so far.
     *
     * @return the count.
     */
    public long unknownTemplates()
    {
        return unknownTemplates;
    }

    /**
     * Records of a schema with another id, so far.
     *
     * @return the count.
     */
    public long foreignSchemas()
    {
        return foreignSchemas;
    }

    /**
     * Records that are shorter than what they say they contain, so far.
     *
     * @return the count.
     */
    public long malformedRecords()
    {
        return malformedRecords;
    }

    @Override
    public void onRecord(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long position,
        final long nextPosition)
    {
        frame.record(position, nextPosition, length);
        if (length < headerLength)
        {
            frame.message(NOT_TOLD, NOT_TOLD, NOT_TOLD);
            onMalformed(buffer, offset, length);
            return;
        }

        final int templateId = header.templateId(buffer, offset);
        final int blockLength = header.blockLength(buffer, offset);
        final int version = header.version(buffer, offset);
        frame.message(templateId, blockLength, version);
        if (header.schemaId(buffer, offset) != schemaId)
        {
            foreignSchemas++;
            handToFallback(SbeFallback.Reason.FOREIGN_SCHEMA, buffer, offset, length);
            return;
        }

        final int index = routeIndexByTemplateId.get(templateId);
        if (index == NO_ROUTE)
        {
            unknownTemplates++;
            handToFallback(SbeFallback.Reason.UNKNOWN_TEMPLATE, buffer, offset, length);
            return;
        }

        final Route<C> route = routes[index];
        if (version < 0 || blockLength > length - headerLength || blockLength < route.requiredLength(version))
        {
            onMalformed(buffer, offset, length);
            return;
        }

        record.wrap(buffer, offset, length);
        try
        {
            dispatch(index, route, blockLength, version);
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | NegativeArraySizeException ex)
        {
            // All that generated decoders and Agrona throw at lengths and counts that are not true.
            if (route.isWithin(record, headerLength, length, blockLength, version))
            {
                // The message is whole, so that the handler itself is at fault.
                throw ex;
            }

            onMalformed(buffer, offset, length);
        }
        finally
        {
            // A decoder that was kept cannot be read on after the reader has let go of the channel.
            record.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        }
    }

    /**
     * The cases are the same and must not be merged: each has call sites of its own, which see one type of decoder and
     * one of handler, so that the JIT compiler inlines both. A call site that all templates share sees many types, and
     * makes two interface calls for each message. Templates beyond the eighth share one.
     */
    private void dispatch(final int index, final Route<C> route, final int blockLength, final int version)
    {
        final UnsafeBuffer message = record;
        final int offset = headerLength;
        switch (index)
        {
            case 0 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 1 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 2 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 3 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 4 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 5 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 6 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            case 7 ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
            default ->
            {
                route.decoder.wrap(message, offset, blockLength, version);
                route.handler.onMessage(context, route.decoder, frame);
            }
        }
    }

    private void onMalformed(final DirectBuffer buffer, final int offset, final int length)
    {
        malformedRecords++;
        handToFallback(SbeFallback.Reason.MALFORMED, buffer, offset, length);
    }

    private void handToFallback(
        final SbeFallback.Reason reason, final DirectBuffer buffer, final int offset, final int length)
    {
        if (fallback != null)
        {
            fallback.onRecord(context, reason, buffer, offset, length, frame);
        }
    }

    @SuppressWarnings("unchecked")
    private static <C> Route<C>[] newRoutes(final int length)
    {
        return (Route<C>[])new Route<?>[length];
    }

    /**
     * A template's decoder and handler. That they belong together is checked by {@link #on} alone.
     */
    private static final class Route<C>
    {
        private final MessageDecoderFlyweight decoder;
        private final SbeHandler<C, MessageDecoderFlyweight> handler;
        private final BlockLayout root;

        @SuppressWarnings("unchecked")
        <D extends MessageDecoderFlyweight> Route(
            final MessageLayout message, final D decoder, final SbeHandler<? super C, ? super D> handler)
        {
            this.decoder = decoder;
            this.handler = (SbeHandler<C, MessageDecoderFlyweight>)handler;
            root = message.root();
        }

        int requiredLength(final int version)
        {
            return root.requiredLength(version);
        }

        boolean isWithin(
            final DirectBuffer record, final int offset, final int length, final int blockLength, final int version)
        {
            return root.end(record, offset, length, blockLength, version) != BlockLayout.MALFORMED;
        }
    }
}
