package io.grape.codecs.schema;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The schema file as plain records, in the order of the file.
 *
 * @param id         schema id
 * @param version    schema version
 * @param messages   every message
 * @param enums      every enum by name
 * @param composites every composite by name
 */
public record Schema(
        int id, int version, List<Message> messages, Map<String, EnumType> enums, Map<String, Composite> composites) {

    /** A message, or a repeating group when {@code id} is that of a field. */
    public record Message(
            String name, int id, String description, List<Field> fields, List<Message> groups, List<Field> data) {}

    /** A field of a block, or variable data; {@code sinceVersion} is 1 for what was there from the beginning. */
    public record Field(String name, int id, String type, int sinceVersion, String description) {}

    /** An enum with its values by name. */
    public record EnumType(String name, String encodingType, String description, List<EnumValue> values) {}

    /** One value of an enum. */
    public record EnumValue(String name, int value, String description) {}

    /** A composite and its members in order. */
    public record Composite(String name, String description, List<Field> members) {}

    /** Reads the schema that travels in the jar. */
    public static Schema load() {
        try (InputStream in = Schema.class.getResourceAsStream("/io/grape/codecs/grape-codecs.xml")) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            Document document = factory.newDocumentBuilder().parse(in);
            return of(document.getDocumentElement());
        } catch (Exception e) {
            throw new IllegalStateException("the schema cannot be read", e);
        }
    }

    /** Returns the bytes that a field takes in a block. */
    public int lengthOf(String type) {
        if (enums.containsKey(type)) {
            return lengthOf(enums.get(type).encodingType());
        }
        if (composites.containsKey(type)) {
            return composites.get(type).members().stream()
                    .mapToInt(member -> lengthOf(member.type()))
                    .sum();
        }
        return switch (type) {
            case "uint8", "int8" -> 1;
            case "uint16", "int16" -> 2;
            case "uint32", "int32", "float" -> 4;
            case "uint64", "int64", "double" -> 8;
            default -> throw new IllegalArgumentException("no length is known for type " + type);
        };
    }

    /** Returns the bytes of the fixed block of a message or of a group element. */
    public int blockLength(Message block) {
        return block.fields().stream().mapToInt(field -> lengthOf(field.type())).sum();
    }

    /** Returns the bytes of the fixed block as a schema version had it. */
    public int blockLength(Message block, int atVersion) {
        return block.fields().stream()
                .filter(field -> field.sinceVersion() <= atVersion)
                .mapToInt(field -> lengthOf(field.type()))
                .sum();
    }

    private static Schema of(Element root) {
        Map<String, EnumType> enums = new LinkedHashMap<>();
        Map<String, Composite> composites = new LinkedHashMap<>();
        List<Message> messages = new ArrayList<>();
        for (Element element : children(root)) {
            if (element.getLocalName().equals("message")) {
                messages.add(message(element));
            }
            for (Element type : children(element)) {
                switch (type.getLocalName()) {
                    case "enum" -> enums.put(name(type), enumType(type));
                    case "composite" -> composites.put(name(type), composite(type));
                    default -> {
                        // Fields of messages are read with their message.
                    }
                }
            }
        }
        return new Schema(number(root, "id"), number(root, "version"), messages, enums, composites);
    }

    private static Message message(Element element) {
        List<Field> fields = new ArrayList<>();
        List<Message> groups = new ArrayList<>();
        List<Field> data = new ArrayList<>();
        for (Element child : children(element)) {
            switch (child.getLocalName()) {
                case "field" -> fields.add(field(child, "type"));
                case "group" -> groups.add(message(child));
                case "data" -> data.add(field(child, "type"));
                default -> throw new IllegalStateException("unknown element " + child.getLocalName());
            }
        }
        return new Message(name(element), number(element, "id"), description(element), fields, groups, data);
    }

    private static EnumType enumType(Element element) {
        List<EnumValue> values = new ArrayList<>();
        for (Element value : children(element)) {
            values.add(new EnumValue(
                    name(value), Integer.parseInt(value.getTextContent().strip()), description(value)));
        }
        return new EnumType(name(element), element.getAttribute("encodingType"), description(element), values);
    }

    private static Composite composite(Element element) {
        List<Field> members = new ArrayList<>();
        for (Element member : children(element)) {
            members.add(field(member, member.getLocalName().equals("ref") ? "type" : "primitiveType"));
        }
        return new Composite(name(element), description(element), members);
    }

    private static Field field(Element element, String typeAttribute) {
        int id = element.hasAttribute("id") ? number(element, "id") : 0;
        int since = element.hasAttribute("sinceVersion") ? number(element, "sinceVersion") : 1;
        return new Field(name(element), id, element.getAttribute(typeAttribute), since, description(element));
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static String name(Element element) {
        return element.getAttribute("name");
    }

    private static String description(Element element) {
        return element.getAttribute("description");
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }
}
