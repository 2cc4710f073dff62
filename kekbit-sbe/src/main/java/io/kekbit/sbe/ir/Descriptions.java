package io.kekbit.sbe.ir;

import io.kekbit.sbe.ir.FieldDescription.Kind;
import io.kekbit.sbe.ir.FieldDescription.Presence;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.ir.Signal;

import java.util.ArrayList;
import java.util.List;

/**
 * Describes messages from their tokens, which have been checked.
 */
final class Descriptions
{
    private final List<SchemaToken> tokens;

    private Descriptions(final List<SchemaToken> tokens)
    {
        this.tokens = tokens;
    }

    /**
     * @param tokens of one message.
     */
    static MessageDescription of(final List<SchemaToken> tokens)
    {
        final SchemaToken message = tokens.get(0);

        return new MessageDescription(
            message.name(),
            message.id(),
            message.encodedLength(),
            message.version(),
            message.description(),
            new Descriptions(tokens).block(1, Signal.END_MESSAGE));
    }

    private List<FieldDescription> block(final int from, final Signal end)
    {
        final List<FieldDescription> fields = new ArrayList<>();
        for (int i = from; tokens.get(i).signal() != end; i += tokens.get(i).componentTokenCount())
        {
            final SchemaToken token = tokens.get(i);
            fields.add(switch (token.signal())
            {
                case BEGIN_FIELD -> type(token, i + 1);
                case BEGIN_GROUP -> group(token, i + 1);
                default -> varData(token, i + 1);
            });
        }

        return fields;
    }

    private FieldDescription group(final SchemaToken group, final int headerIndex)
    {
        final int from = headerIndex + tokens.get(headerIndex).componentTokenCount();

        return new FieldDescription(
            group.name(), group.id(), Kind.GROUP, "", Presence.REQUIRED, 0, group.encodedLength(), group.version(),
            group.description(), block(from, Signal.END_GROUP), List.of());
    }

    private FieldDescription varData(final SchemaToken data, final int compositeIndex)
    {
        final SchemaToken bytes = tokens.get(compositeIndex + 2);
        final String encoding = bytes.encoding().characterEncoding();
        final String name = tokens.get(compositeIndex).name();
        final String type = name + (encoding == null ? " uint8[]" : " " + encoding);

        return new FieldDescription(
            data.name(), data.id(), Kind.DATA, type, presence(data, data), 0, 0, data.version(), data.description(),
            List.of(), List.of());
    }

    /**
     * @param field that has the type, which for elements of composites is the type itself.
     */
    private FieldDescription type(final SchemaToken field, final int typeIndex)
    {
        final SchemaToken type = tokens.get(typeIndex);
        final Presence presence = presence(field, type);
        final boolean isConstant = presence == Presence.CONSTANT;
        final Kind kind = switch (type.signal())
        {
            case BEGIN_ENUM -> Kind.ENUM;
            case BEGIN_SET -> Kind.SET;
            case BEGIN_COMPOSITE -> type.isDecimal() ? Kind.DECIMAL : Kind.COMPOSITE;
            default -> Kind.VALUE;
        };

        return new FieldDescription(
            field.name(),
            field.id(),
            kind,
            typeName(type),
            presence,
            isConstant ? 0 : type.offset(),
            isConstant ? 0 : type.encodedLength(),
            field.version(),
            field.description().isEmpty() ? type.description() : field.description(),
            type.signal() == Signal.BEGIN_COMPOSITE ? elements(typeIndex) : List.of(),
            values(field, typeIndex));
    }

    private List<FieldDescription> elements(final int compositeIndex)
    {
        final List<FieldDescription> elements = new ArrayList<>();
        for (int i = compositeIndex + 1; tokens.get(i).signal() != Signal.END_COMPOSITE;
            i += tokens.get(i).componentTokenCount())
        {
            elements.add(type(tokens.get(i), i));
        }

        return elements;
    }

    private List<String> values(final SchemaToken field, final int typeIndex)
    {
        final SchemaToken type = tokens.get(typeIndex);
        if (field.constantEnumValue() != null)
        {
            return List.of(field.constantEnumValue());
        }

        if (type.signal() == Signal.ENCODING)
        {
            return type.isConstantEncoding() ? List.of(type.scalar().constant()) : List.of();
        }

        final List<String> values = new ArrayList<>();
        final PrimitiveType primitive = type.encoding().primitiveType();
        for (int i = typeIndex + 1; isValue(tokens.get(i)); i++)
        {
            final SchemaToken value = tokens.get(i);
            values.add(value.name() + "=" + number(Numbers.parse(value.constant(), primitive), primitive, value));
        }

        return values;
    }

    private static boolean isValue(final SchemaToken token)
    {
        return token.signal() == Signal.VALID_VALUE || token.signal() == Signal.CHOICE;
    }

    private static String number(final long bits, final PrimitiveType type, final SchemaToken value)
    {
        final boolean isCharacter = type == PrimitiveType.CHAR && value.signal() == Signal.VALID_VALUE;

        return isCharacter ? String.valueOf((char)(bits & 0xFF)) : Numbers.toString(bits, type);
    }

    private static String typeName(final SchemaToken type)
    {
        final String name = type.applicableTypeName();
        final String made = switch (type.signal())
        {
            case BEGIN_COMPOSITE -> "";
            case BEGIN_ENUM, BEGIN_SET -> type.encoding().primitiveType().primitiveName();
            default -> type.scalar().typeName();
        };

        return made.isEmpty() || made.equals(name) ? name : name + " " + made;
    }

    private static Presence presence(final SchemaToken field, final SchemaToken type)
    {
        if (field.isConstantEncoding() || type.isConstantEncoding())
        {
            return Presence.CONSTANT;
        }

        return field.isOptionalEncoding() || type.isOptionalEncoding() ? Presence.OPTIONAL : Presence.REQUIRED;
    }
}
