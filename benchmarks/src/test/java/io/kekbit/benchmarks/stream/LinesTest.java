package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LinesTest
{
    @Test
    void shouldBeTheSameJobWhenItWentThroughLine()
    {
        final Job job = Job.echo(1, 2, 64, 3_000_000_000L);

        assertEquals(job, Job.parse(job.toLine()));
    }

    @Test
    void shouldBeTheSameOutcomeWhenItWentThroughLine()
    {
        final Histogram latencies = Result.histogram();
        latencies.recordValueWithCount(350, 1_000);
        latencies.recordValue(123_456_789);
        final Outcome outcome = new Outcome(-5, 16, 9, latencies);

        assertEquals(outcome, Outcome.parse(outcome.toLine()));
    }

    @Test
    void shouldBeTheSameOutcomeWhenNothingWasRecorded()
    {
        final Outcome outcome = new Outcome(5, 0, 9, null);

        assertEquals(outcome, Outcome.parse(outcome.toLine()));
    }
}
