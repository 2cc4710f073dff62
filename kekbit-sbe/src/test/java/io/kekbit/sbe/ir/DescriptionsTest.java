package io.kekbit.sbe.ir;

import io.kekbit.sbe.ir.FieldDescription.Kind;
import io.kekbit.sbe.ir.FieldDescription.Presence;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DescriptionsTest
{
    private static final SchemaDecoder DECODER = SchemaDecoder.of(EveryType.FORMAT);

    @Test
    void shouldListMessagesInOrderOfTheSchema()
    {
        assertEquals(
            List.of("Numbers", "Kinds", "Tree", "Nothing"),
            DECODER.messages().stream().map(MessageDescription::name).toList());
    }

    @Test
    void shouldTellWhatTheMessageIs()
    {
        final MessageDescription kinds = message("Kinds");

        assertEquals(2, kinds.templateId());
        assertEquals("Everything but plain numbers", kinds.description());
        assertEquals(io.kekbit.test.types.KindsEncoder.BLOCK_LENGTH, kinds.blockLength());
        assertEquals(0, kinds.sinceVersion());
    }

    @Test
    void shouldTellTypeAndPlaceOfFields()
    {
        final FieldDescription triple = field(message("Kinds").fields(), "triple");

        assertEquals(Kind.VALUE, triple.kind());
        assertEquals("triple int32[3]", triple.type());
        assertEquals(Presence.REQUIRED, triple.presence());
        assertEquals(12, triple.length());
        assertEquals(26, triple.offset());
        assertEquals(5, triple.id());
    }

    @Test
    void shouldTellThatFieldIsOptional()
    {
        assertEquals(Presence.OPTIONAL, field(message("Numbers").fields(), "int8Null").presence());
    }

    @Test
    void shouldTellConstants()
    {
        final List<FieldDescription> fields = message("Kinds").fields();

        assertEquals(List.of("EUR"), field(fields, "constText").values());
        assertEquals(List.of("18446744073709551614"), field(fields, "constUnsigned").values());
        assertEquals(List.of("2.5"), field(fields, "constDouble").values());
        assertEquals(List.of("SELL"), field(fields, "constSide").values());
        assertEquals(Presence.CONSTANT, field(fields, "constSide").presence());
        assertEquals(0, field(fields, "constSide").length());
    }

    @Test
    void shouldTellValuesOfEnumsAndChoicesOfSets()
    {
        final List<FieldDescription> fields = message("Kinds").fields();

        assertEquals(List.of("BUY=B", "SELL=S"), field(fields, "side").values());
        assertEquals(List.of("LOW=1", "HIGH=65534"), field(fields, "level").values());
        assertEquals(List.of("lowest=0", "middle=33", "highest=63"), field(fields, "manyFlags").values());
        assertEquals("ManyFlags uint64", field(fields, "manyFlags").type());
        assertEquals(Kind.SET, field(fields, "manyFlags").kind());
    }

    @Test
    void shouldTellElementsOfComposites()
    {
        final FieldDescription outer = field(message("Kinds").fields(), "outer");
        final FieldDescription nested = field(outer.fields(), "nested");

        assertEquals(Kind.COMPOSITE, outer.kind());
        assertEquals(
            List.of("count", "nested", "paid", "unit", "code"),
            outer.fields().stream().map(FieldDescription::name).toList());
        assertEquals("inner", nested.type());
        assertEquals(List.of("BUY=B", "SELL=S"), field(nested.fields(), "side").values());
        assertEquals(Kind.DECIMAL, field(outer.fields(), "paid").kind());
    }

    @Test
    void shouldTellGroupsAndVarDataInGroups()
    {
        final FieldDescription branches = field(message("Tree").fields(), "branches");
        final FieldDescription leaves = field(branches.fields(), "leaves");

        assertEquals(Kind.GROUP, branches.kind());
        assertEquals(4, branches.length());
        assertEquals(1, field(branches.fields(), "addedRoots").sinceVersion());
        assertEquals(List.of("colour", "note"), leaves.fields().stream().map(FieldDescription::name).toList());
        assertEquals("utf8Text UTF-8", field(leaves.fields(), "note").type());
        assertEquals("bytes uint8[]", field(message("Tree").fields(), "blob").type());
    }

    @Test
    void shouldNotLetDescriptionsBeChanged()
    {
        assertThrows(UnsupportedOperationException.class, () -> DECODER.messages().clear());
        assertThrows(UnsupportedOperationException.class, () -> message("Tree").fields().clear());
        assertTrue(message("Nothing").fields().size() > 1);
    }

    private static MessageDescription message(final String name)
    {
        return DECODER.messages().stream().filter((message) -> message.name().equals(name)).findFirst().orElseThrow();
    }

    private static FieldDescription field(final List<FieldDescription> fields, final String name)
    {
        return fields.stream().filter((field) -> field.name().equals(name)).findFirst().orElseThrow();
    }
}
