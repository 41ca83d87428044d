package io.grape.node.cli;

import io.grape.client.Consistency;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code linearizable}, {@code local} or {@code at-least:INDEX}. */
final class ConsistencyConverter implements ITypeConverter<Consistency> {
    private static final String AT_LEAST = "at-least:";

    @Override
    public Consistency convert(String value) {
        if (value.equals("linearizable")) {
            return Consistency.LINEARIZABLE;
        }
        if (value.equals("local")) {
            return Consistency.LOCAL;
        }
        if (value.matches(AT_LEAST + "[0-9]{1,18}")) {
            long index = Long.parseLong(value.substring(AT_LEAST.length()));
            return new Consistency(Consistency.Kind.AT_LEAST_POSITION, index);
        }
        throw new TypeConversionException("'" + value + "' is not linearizable, local or at-least:INDEX");
    }
}
