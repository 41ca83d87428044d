package io.grape.node.demo.data;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads the tokens of a JSON document one by one, so that a file of 300 MB needs a buffer of 64 KB.
 *
 * <p>RFC 8259, with names and strings treated alike. It knows tokens, not nesting: the caller says what must come
 * next and anything else is refused with DATA_CORRUPT and the offset. One thread.
 */
final class JsonTokens {
    private static final int END = -1;
    private static final int MAX_DEPTH = 64;

    private final Reader reader;
    private final char[] buffer = new char[1 << 16];
    private final StringBuilder text = new StringBuilder();
    private int position;
    private int limit;
    private long consumed;

    /** @param reader the document; the caller closes it */
    JsonTokens(Reader reader) {
        this.reader = reader;
    }

    /** Skips white space, then takes {@code expected}. */
    void expect(char expected) throws IOException {
        if (!tryTake(expected)) {
            throw unexpected("'" + expected + "'");
        }
    }

    /** Skips white space, then takes {@code wanted} if it is next. */
    boolean tryTake(char wanted) throws IOException {
        skipSpace();
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    /** Takes a string and returns it with its escapes resolved. */
    String string() throws IOException {
        expect('"');
        text.setLength(0);
        while (true) {
            int c = take();
            switch (c) {
                case '"' -> {
                    return text.toString();
                }
                case '\\' -> text.append(escaped());
                case END -> throw unexpected("the end of a string");
                default -> text.append((char) c);
            }
        }
    }

    /** Takes a number. */
    double number() throws IOException {
        skipSpace();
        text.setLength(0);
        while ("+-.eE0123456789".indexOf(peek()) >= 0) {
            text.append((char) take());
        }
        try {
            return Double.parseDouble(text.toString());
        } catch (NumberFormatException malformed) {
            throw unexpected("a number");
        }
    }

    /** Takes one value of any kind and forgets it. */
    void skipValue() throws IOException {
        skipValue(0);
    }

    private void skipValue(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw unexpected("at most " + MAX_DEPTH + " levels");
        }
        skipSpace();
        switch (peek()) {
            case '"' -> string();
            case '[' -> skipNested('[', ']', depth);
            case '{' -> skipNested('{', '}', depth);
            case 't', 'f', 'n' -> word();
            default -> number();
        }
    }

    private void skipNested(char open, char close, int depth) throws IOException {
        expect(open);
        if (tryTake(close)) {
            return;
        }
        do {
            if (open == '{') {
                string();
                expect(':');
            }
            skipValue(depth + 1);
        } while (tryTake(','));
        expect(close);
    }

    private void word() throws IOException {
        text.setLength(0);
        while (Character.isLetter(peek())) {
            text.append((char) take());
        }
        switch (text.toString()) {
            case "true", "false", "null" -> {}
            default -> throw unexpected("true, false or null");
        }
    }

    private char escaped() throws IOException {
        int c = take();
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '/' -> (char) c;
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw unexpected("an escape");
        };
    }

    private int hexDigit() throws IOException {
        int digit = Character.digit(take(), 16);
        if (digit < 0) {
            throw unexpected("a hexadecimal digit");
        }
        return digit;
    }

    private void skipSpace() throws IOException {
        while (true) {
            switch (peek()) {
                case ' ', '\t', '\n', '\r' -> position++;
                default -> {
                    return;
                }
            }
        }
    }

    private int take() throws IOException {
        int c = peek();
        position++;
        return c;
    }

    private int peek() throws IOException {
        if (position >= limit) {
            consumed += limit;
            position = 0;
            limit = Math.max(0, reader.read(buffer, 0, buffer.length));
            if (limit == 0) {
                return END;
            }
        }
        return buffer[position];
    }

    private GrapeException unexpected(String wanted) {
        return new GrapeException(
                ErrorCode.DATA_CORRUPT, "expected " + wanted + " near character " + (consumed + position));
    }
}
