package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.BenchmarkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlanTest
{
    private static final Set<Store> ALL = Set.of(Store.values());

    static Stream<Plan> plans()
    {
        return Stream.of(Plan.full(), Plan.quick());
    }

    static Stream<Table> tables()
    {
        return plans().flatMap((plan) -> plan.sections(List.of(), ALL).stream())
            .flatMap((section) -> section.tables().stream());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void shouldNameOnlyRowsAndFiguresThatThereAre(final Table table)
    {
        for (final Bound bound : table.bounds())
        {
            assertDoesNotThrow(() -> table.row(bound.row()));
            assertDoesNotThrow(() -> table.figure(bound.figure()));
            if (!Bound.FLOOR.equals(bound.against()) && !Bound.ITSELF.equals(bound.against()))
            {
                assertDoesNotThrow(() -> table.row(bound.against()));
            }
        }
        if (!Bound.FLOOR.equals(table.against()))
        {
            assertDoesNotThrow(() -> table.row(table.against()));
        }
        table.charts().forEach((label) -> assertDoesNotThrow(() -> table.figure(label)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldHaveAFileNameForEachMeasurement(final Plan plan)
    {
        final Set<String> names = new HashSet<>();
        for (final Section section : plan.sections(List.of(), ALL))
        {
            for (final Table table : section.tables())
            {
                for (final Measurement measurement : table.measurements())
                {
                    final String name = section.id() + "/" + table.id() + "/" + measurement.key();
                    assertTrue(names.add(name), name);
                    assertTrue(name.matches("[A-Za-z0-9./-]+"), name);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldHaveAllHandWrittenLoopsWhereTheFloorIsABound(final Plan plan)
    {
        plan.sections(List.of(), ALL).stream()
            .flatMap((section) -> section.tables().stream())
            .filter((table) -> table.bounds().stream().anyMatch((bound) -> Bound.FLOOR.equals(bound.against())))
            .forEach((table) -> assertEquals(
                Rows.FLOORS, table.rows().stream().filter((row) -> row.role() == Role.FLOOR).toList(), table.title()));
    }

    @Test
    void shouldLeaveOutWhatIsMeasuredOnAFileSystemThatThereIsNot()
    {
        final List<Section> sections = Plan.full().sections(List.of("stall", "write-back"), Set.of(Store.TMPFS));

        assertEquals(List.of("stall"), sections.stream().map(Section::id).toList());
        assertTrue(sections.get(0).tables().stream().allMatch((table) -> table.store() == Store.TMPFS));
    }

    @Test
    void shouldNameTheSectionsWhenOneIsUnknown()
    {
        final BenchmarkException ex =
            assertThrows(BenchmarkException.class, () -> Plan.full().sections(List.of("writing"), ALL));

        assertTrue(ex.getMessage().startsWith("no such section: name=writing (there are write, sbe,"), ex.getMessage());
    }
}
