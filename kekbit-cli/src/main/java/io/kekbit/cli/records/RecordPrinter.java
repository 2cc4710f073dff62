package io.kekbit.cli.records;

import java.io.IOException;

/**
 * Prints records, one after the other.
 */
interface RecordPrinter
{
    /**
     * Print a record.
     *
     * @param record to print.
     * @param out    to print to.
     * @throws IOException where that cannot be done.
     */
    void print(Record record, RecordOutput out) throws IOException;
}
