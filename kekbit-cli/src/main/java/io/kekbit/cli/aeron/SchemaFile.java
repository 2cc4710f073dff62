package io.kekbit.cli.aeron;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.TerminalText;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrEncoder;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.MessageSchema;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A schema of SBE's as its author wrote it, in XML.
 */
final class SchemaFile
{
    private static final int FIRST_IR_CAPACITY = 64 * 1024;
    private static final int MAX_IR_CAPACITY = 16 * 1024 * 1024;

    private SchemaFile()
    {
    }

    /**
     * Make the data format of a schema.
     *
     * @param file          the XML, or what SbeTool made of it: {@code .sbeir}.
     * @param messageHeader name of the composite that is the header of every message, or null for the one that the
     *                      schema names.
     * @return the format.
     * @throws CliException where the file is no schema.
     * @throws IOException  where it cannot be read.
     */
    static SbeDataFormat read(final Path file, final String messageHeader) throws IOException
    {
        final byte[] bytes = Files.readAllBytes(file);
        try
        {
            if (file.toString().endsWith(".sbeir"))
            {
                if (messageHeader != null)
                {
                    throw new CliException(
                        ExitCodes.USAGE, "--message-header is for a schema in XML, and this has one: " + file);
                }
                return SbeDataFormat.fromIr(new UnsafeBuffer(bytes));
            }

            return SbeDataFormat.fromIr(ir(parse(file, messageHeader == null ? bytes : named(bytes, messageHeader))));
        }
        catch (final InvalidSchemaException ex)
        {
            throw invalid(file, ex.getMessage());
        }
        catch (final SAXException | ParserConfigurationException | TransformerException ex)
        {
            throw invalid(file, ex.getMessage());
        }
    }

    private static MessageSchema parse(final Path file, final byte[] bytes) throws IOException
    {
        final InputSource source = new InputSource(new ByteArrayInputStream(bytes));
        // Files that it includes are looked for beside it.
        source.setSystemId(file.toAbsolutePath().toUri().toString());
        final ParserOptions options =
            ParserOptions.builder().stopOnError(true).suppressOutput(true).xIncludeAware(true).build();
        try
        {
            return XmlSchemaParser.parse(source, options);
        }
        catch (final IOException ex)
        {
            throw ex;
        }
        catch (final Exception ex)
        {
            // The parser declares no other, and throws what it comes upon.
            throw invalid(file, ex.getMessage() == null ? ex.getClass().getSimpleName() : ex.getMessage());
        }
    }

    /**
     * The schema with another composite for the header of its messages.
     */
    private static byte[] named(final byte[] bytes, final String messageHeader)
        throws SAXException, ParserConfigurationException, TransformerException, IOException
    {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        final Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        document.getDocumentElement().setAttribute("headerType", messageHeader);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));

        return out.toByteArray();
    }

    private static UnsafeBuffer ir(final MessageSchema schema)
    {
        final Ir ir = new IrGenerator().generate(schema);
        for (int capacity = FIRST_IR_CAPACITY; capacity <= MAX_IR_CAPACITY; capacity *= 2)
        {
            final byte[] bytes = new byte[capacity];
            try (IrEncoder encoder = new IrEncoder(ByteBuffer.wrap(bytes), ir))
            {
                return new UnsafeBuffer(Arrays.copyOf(bytes, encoder.encode()));
            }
            catch (final IndexOutOfBoundsException | BufferOverflowException ex)
            {
                // It needs a longer one.
                continue;
            }
        }

        throw new InvalidSchemaException("longer than " + MAX_IR_CAPACITY + " bytes when serialised");
    }

    private static CliException invalid(final Path file, final String reason)
    {
        return new CliException(
            ExitCodes.FAILED,
            "no schema of SBE's: file=" + file + ", " + TerminalText.escape(String.valueOf(reason)) + ". SbeTool " +
                "says more");
    }
}
