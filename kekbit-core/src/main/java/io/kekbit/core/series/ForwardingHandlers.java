package io.kekbit.core.series;

import io.kekbit.core.ControlledRecordHandler;
import io.kekbit.core.RecordHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;

/**
 * What the reader of a channel hands records to, in place of the handlers of a series reader's caller: it makes the
 * positions those in the series. Belongs to one reader.
 */
final class ForwardingHandlers
{
    /**
     * Forwards to a plain handler.
     */
    static final class Plain implements RecordHandler
    {
        private RecordHandler handler;
        private long base;

        /**
         * @param to            who takes the records.
         * @param startPosition of the channel in the series.
         */
        Plain forward(final RecordHandler to, final long startPosition)
        {
            handler = to;
            base = startPosition;

            return this;
        }

        @Override
        public void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            handler.onRecord(buffer, offset, length, base + position, base + nextPosition);
        }
    }

    /**
     * Forwards to a handler that says how to go on.
     */
    static final class Controlled implements ControlledRecordHandler
    {
        private ControlledRecordHandler handler;
        private long base;
        private boolean isCalled;

        /**
         * @param to            who takes the records.
         * @param startPosition of the channel in the series.
         */
        Controlled forward(final ControlledRecordHandler to, final long startPosition)
        {
            handler = to;
            base = startPosition;
            isCalled = false;

            return this;
        }

        /**
         * Whether a record was there, even one that was aborted.
         */
        boolean isCalled()
        {
            return isCalled;
        }

        @Override
        public Action onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            isCalled = true;

            return handler.onRecord(buffer, offset, length, base + position, base + nextPosition);
        }
    }

    /**
     * Sees whether there is a record, and leaves it there.
     */
    static final class Probe implements ControlledRecordHandler
    {
        private boolean isFound;

        Probe reset()
        {
            isFound = false;

            return this;
        }

        boolean isFound()
        {
            return isFound;
        }

        @Override
        public Action onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            isFound = true;

            return Action.ABORT;
        }
    }

    private ForwardingHandlers()
    {
    }
}
