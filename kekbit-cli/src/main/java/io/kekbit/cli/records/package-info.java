/**
 * The commands that print or copy records: {@code cat}, {@code tail} and {@code export}, and how their options choose
 * records and fields.
 */
package io.kekbit.cli.records;
