package io.kekbit.examples.marketdata;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The digest that the subscriber has to arrive at, from the texts of the input. It goes its own way, through {@link
 * BigDecimal}, and shares no code with what is encoded: an error there shows.
 */
final class InputDigest
{
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CanonicalForm form = new CanonicalForm(bytes::write);
    private final Map<String, Symbol> symbols = new HashMap<>();

    /**
     * Add a message's values.
     */
    void add(final InputMessage message)
    {
        final Symbol symbol = symbols.computeIfAbsent(message.symbol(), Symbol::of);
        form.head(
            message.kind(),
            symbol.head(),
            symbol.tail(),
            message.transactTime(),
            message.receiveTime(),
            message.firstId(),
            message.lastId(),
            message.aggressorSide());

        final List<String> decimals = message.decimals();
        if (message.kind() == MessageKind.BOOK_UPDATE)
        {
            final int bids = message.bidLevels() * 2;
            levels(decimals.subList(0, bids));
            levels(decimals.subList(bids, decimals.size()));
        }
        else
        {
            for (final String decimal : decimals)
            {
                decimal(new BigDecimal(decimal));
            }
        }
    }

    /**
     * The digest of all messages, told so many times over.
     *
     * @param repeats how often the input is published.
     * @return the digest in hexadecimal.
     */
    String hex(final int repeats)
    {
        form.flush();
        final ValueDigest digest = new ValueDigest();
        final byte[] all = bytes.toByteArray();
        for (int i = 0; i < repeats; i++)
        {
            digest.update(all, 0, all.length);
        }

        return digest.hex();
    }

    private void levels(final List<String> pairs)
    {
        form.levelCount(pairs.size() / 2);
        for (int i = 0; i < pairs.size(); i += 2)
        {
            final BigDecimal quantity = new BigDecimal(pairs.get(i + 1));
            form.action(quantity.signum() == 0);
            decimal(new BigDecimal(pairs.get(i)));
            decimal(quantity);
        }
    }

    private void decimal(final BigDecimal value)
    {
        final BigDecimal stripped = value.stripTrailingZeros();
        form.decimal(stripped.unscaledValue().longValueExact(), -stripped.scale());
    }
}
