package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series whose schema changes from one channel to the next: each record is what the schema of its channel says.
 */
class SchemaChangeTest
{
    private static final List<String> ALL = List.of(
        "\"message\":\"Quote\",\"fields\":{\"price\":10,\"size\":20}}",
        "\"message\":\"Quote\",\"fields\":{\"price\":11,\"size\":22}}",
        "\"message\":\"Quote\",\"fields\":{\"price\":12,\"quantity\":24,\"orders\":36}}",
        "\"message\":\"Quote\",\"fields\":{\"price\":13,\"quantity\":26,\"orders\":39}}",
        "\"message\":\"Halt\",\"fields\":{\"reason\":7}}");

    @TempDir
    private Path folder;
    private String series;

    @BeforeEach
    void setUp()
    {
        QuoteSeries.write(folder);
        series = folder.resolve(QuoteSeries.NAME).toString();
    }

    @Test
    void shouldDecodeEachRecordByItsOwnSchemaWhenPrinted() throws Exception
    {
        assertEquals(ALL, messages("cat", series));
        assertEquals(ALL.subList(1, 5), messages("tail", "-n4", series));
        assertEquals(ALL, messages("replay", "--speed=max", series));
    }

    @Test
    void shouldDecodeContextByTheSchemaItWasWrittenWithWhenThatIsOfTheChannelBefore() throws Exception
    {
        assertEquals(ALL.subList(1, 4), messages("cat", series, "-C1", "--where=price=12"));
    }

    @Test
    void shouldShowFieldsWhereTheyAreWhenOnlyOneSchemaHasThem() throws Exception
    {
        assertEquals(
            List.of(
                "\"message\":\"Quote\",\"fields\":{}}",
                "\"message\":\"Quote\",\"fields\":{}}",
                "\"message\":\"Quote\",\"fields\":{\"orders\":36}}",
                "\"message\":\"Quote\",\"fields\":{\"orders\":39}}"),
            messages("cat", series, "--template=Quote", "--fields=orders"));
    }

    @Test
    void shouldChooseWhatFulfilsConditionsWhenOnlyOneSchemaHasTheField() throws Exception
    {
        assertEquals(ALL.subList(3, 4), messages("cat", series, "--where=orders>36"));
        assertEquals(ALL.subList(0, 1), messages("cat", series, "--where=size=20"));
        assertEquals(ALL.subList(4, 5), messages("tail", series, "--template=Halt"));
    }

    @Test
    void shouldRefuseWhenNoSchemaHasWhatIsNamed()
    {
        final InProcess field = InProcess.run("cat", series, "--where=amount=1");
        final InProcess template = InProcess.run("cat", series, "--template=Trade");

        assertEquals(ExitCodes.USAGE, field.status());
        assertTrue(field.err().contains("no field amount"), field.err());
        assertEquals(ExitCodes.USAGE, template.status());
        assertTrue(template.err().contains("which has Quote, Halt"), template.err());
    }

    @Test
    void shouldFollowIntoAnotherSchemaWhenSeriesRolls() throws Exception
    {
        final Path other = folder.resolve("other");
        Files.createDirectory(other);
        QuoteSeries.write(other);
        try (CommandProcess tail = new CommandProcess(
            folder, "tail", "-f", "--from=start", other.toString(), QuoteSeries.NAME))
        {
            tail.awaitOutput("\"reason\":7");
            assertEquals(ExitCodes.OK, tail.awaitExit());
            assertEquals(ALL, messages(tail.out()));
        }
    }

    @Test
    void shouldExportEachRecordByItsOwnSchemaWhenJson() throws Exception
    {
        assertEquals(ALL, messages("export", series));
        assertEquals(ALL.subList(2, 5), messages("export", series, "--from=#2"));
    }

    @Test
    void shouldHaveColumnsOfAllSchemasWhenExportedAsTable() throws Exception
    {
        assertEquals(
            List.of(
                "message,price,size,quantity,orders,reason",
                "Quote,10,20,,,",
                "Quote,11,22,,,",
                "Quote,12,,24,36,",
                "Quote,13,,26,39,",
                "Halt,,,,,7"),
            out("export", "--format=csv", series).lines()
                .map((line) -> line.substring(line.indexOf(line.startsWith("position") ? "message" :
                    line.contains("Quote") ? "Quote" : "Halt")))
                .toList());
    }

    @Test
    void shouldRefuseToCopyToOneChannelWhenSchemasDiffer()
    {
        final InProcess export = InProcess.run("export", series, "--channel", folder.resolve("copy").toString());

        assertEquals(ExitCodes.FAILED, export.status());
        assertTrue(export.err().contains("differ in their schema"), export.err());
        assertFalse(Files.exists(folder.resolve("copy")));
    }

    @Test
    void shouldCountMessagesByTheNamesOfTheirSchemaWhenCounted() throws Exception
    {
        final String stats = out("stats", "--json", series);

        assertTrue(stats.contains("{\"message\":\"Quote\",\"template\":1,\"count\":4,"), stats);
        assertTrue(stats.contains("{\"message\":\"Halt\",\"template\":2,\"count\":1,"), stats);
        assertTrue(stats.contains("\"gapCount\":0,"), stats);
    }

    @Test
    void shouldCountGapBetweenChannelsWhenOneWasDeleted() throws Exception
    {
        QuoteSeries.writeNew(folder);
        Files.delete(folder.resolve(QuoteSeries.NAME + "/0000_0000/0000_0002.kekbit"));

        final String stats = out("stats", "--json", series);

        assertTrue(stats.contains(
            "\"gapCount\":1,\"gaps\":[{\"position\":8589934600,\"expected\":3,\"actual\":6}]"), stats);
    }

    private String out(final String... args) throws IOException, InterruptedException
    {
        try (CommandProcess process = CommandProcess.run(folder, args))
        {
            assertEquals("", process.err());
            assertEquals(ExitCodes.OK, process.status());

            return process.out();
        }
    }

    private List<String> messages(final String... args) throws IOException, InterruptedException
    {
        return messages(out(args));
    }

    private static List<String> messages(final String out)
    {
        return out.lines().map((line) -> line.substring(line.indexOf("\"message\""))).toList();
    }
}
