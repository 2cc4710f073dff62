/**
 * From raw results to a report: medians and spread, ratios pair by pair, verdicts, tables in Markdown and plots.
 */
package io.kekbit.benchmarks.report;
