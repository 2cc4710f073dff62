package io.kekbit.examples.json;

import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonFormatTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldReadWhatWasWrittenAndRefuseAnotherFormatWhenRun() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "json-format"))
        {
            assertEquals(0, example.awaitExit(), example.err());
            final String out = example.out();
            assertTrue(out.contains("format: id=0x4a534f4e00000001 mediaType=application/json\n"), out);
            assertTrue(
                out.contains(
                    "{\"symbol\":\"KEK\",\"price\":18.50,\"quantity\":100} is " +
                        "Quote[symbol=KEK, price=18.50, quantity=100]\n"),
                out);
            assertTrue(out.contains("refused: encoding failed: "), out);
            assertTrue(out.contains("refused: data format mismatch: "), out);
        }
    }

    @Test
    void shouldAcceptAnyVersionAndNoOtherFormatWhenAsked()
    {
        assertTrue(JsonDataFormat.INSTANCE.accepts(JsonDataFormat.ID + 1, null));
        assertFalse(JsonDataFormat.INSTANCE.accepts(3, null));
    }
}
