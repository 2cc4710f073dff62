package io.kekbit.benchmarks.compare;

import java.util.List;

/**
 * A question and the tables that answer it.
 *
 * @param id       by which it is chosen.
 * @param question in a sentence.
 * @param method   how it is measured, in a few sentences.
 * @param tables   in order.
 */
public record Section(String id, String question, String method, List<Table> tables)
{
}
