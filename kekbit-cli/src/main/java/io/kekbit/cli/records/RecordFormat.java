package io.kekbit.cli.records;

/**
 * How records are printed.
 */
enum RecordFormat
{
    /** An object in a line for each record. */
    JSON,
    /** A dump of the bytes, as hexdump makes it. */
    HEX,
    /** Lines for people. */
    TEXT,
    /** The bytes and nothing else. */
    RAW
}
