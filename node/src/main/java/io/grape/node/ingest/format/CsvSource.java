package io.grape.node.ingest.format;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Rows of .csv and .tsv: RFC 4180 as FastCSV reads it, UTF-8.
 *
 * <p>Every column is a component, except those of the id and the payload; or one column holds the whole vector, as numbers
 * with commas, semicolons or blanks between, in brackets or not. The first row is a header if no field of it is a number.
 */
final class CsvSource implements RowSource {
    private static final int MAX_FIELD = 1 << 20;

    private final Path path;
    private final CountingInput input;
    private final CloseableIterator<CsvRecord> records;
    private final long firstId;
    private final int idColumn;
    private final int vectorColumn;
    private final int payloadColumn;
    private @Nullable CsvRecord ahead;
    private long row;

    CsvSource(Path path, char separator, ReadOptions options) throws IOException {
        this.path = path;
        this.firstId = options.firstId();
        this.input = new CountingInput(path);
        try {
            this.records = CsvReader.builder()
                    .fieldSeparator(separator)
                    .allowExtraFields(true)
                    .allowMissingFields(true)
                    .allowExtraCharsAfterClosingQuote(true)
                    .detectBomHeader(true)
                    .maxBufferSize(2 * MAX_FIELD)
                    .build(
                            CsvRecordHandler.of(limits -> limits.maxFields(InputRow.MAX_COMPONENTS * 2)
                                    .maxFieldSize(MAX_FIELD)
                                    .maxRecordSize(4 * MAX_FIELD)),
                            input,
                            StandardCharsets.UTF_8)
                    .iterator();
            CsvRecord first = read();
            boolean isHeader = first != null && isHeader(first);
            idColumn = column(first, isHeader, options.idColumn(), "id");
            vectorColumn = column(first, isHeader, options.vectorColumn(), null);
            payloadColumn = column(first, isHeader, options.payloadColumn(), null);
            ahead = isHeader ? null : first;
        } catch (IOException | RuntimeException failure) {
            input.close();
            throw failure;
        }
    }

    private static boolean isHeader(CsvRecord first) {
        for (String field : first.getFields()) {
            if (isNumber(field)) {
                return false;
            }
        }
        // A row of one vector column has no number in it either, but brackets.
        return first.getFields().stream().noneMatch(field -> field.strip().startsWith("["));
    }

    private static boolean isNumber(String field) {
        try {
            Float.parseFloat(field);
            return true;
        } catch (NumberFormatException notOne) {
            return false;
        }
    }

    /** Returns the place of a column from 0, or -1 if none is meant. */
    private int column(@Nullable CsvRecord first, boolean isHeader, @Nullable String asked, @Nullable String usual) {
        String name = asked == null ? usual : asked;
        if (name == null || first == null) {
            return -1;
        }
        if (isHeader) {
            for (int i = 0; i < first.getFieldCount(); i++) {
                if (first.getField(i).strip().equalsIgnoreCase(name)) {
                    return i;
                }
            }
        }
        if (asked == null) {
            return -1;
        }
        if (asked.matches("[1-9]\\d{0,3}")) {
            return Integer.parseInt(asked) - 1;
        }
        throw new GrapeException(
                ErrorCode.INVALID_CONFIGURATION,
                path + ": has no column '" + asked + "'"
                        + (isHeader
                                ? ": its header is " + first.getFields()
                                : "; it has no header, so name it by its number from 1"));
    }

    private @Nullable CsvRecord read() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException unreadable) {
            throw new GrapeException(
                    ErrorCode.DATA_CORRUPT, path + ": after row " + row + ": " + unreadable.getMessage(), unreadable);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private @Nullable CsvRecord take() throws IOException {
        CsvRecord first = ahead;
        if (first == null) {
            return read();
        }
        ahead = null;
        return first;
    }

    @Override
    public boolean next(InputRow into) throws IOException {
        CsvRecord record = take();
        if (record == null) {
            return false;
        }
        into.begin(row++, record.getStartingLineNumber(), firstId);
        for (int i = 0; i < record.getFieldCount(); i++) {
            String field = record.getField(i);
            if (i == idColumn) {
                PointIds.read(field, into);
            } else if (i == payloadColumn) {
                into.payload(field.isEmpty() ? null : field.getBytes(StandardCharsets.UTF_8));
            } else if (vectorColumn < 0) {
                component(field, i, into);
            } else if (i == vectorColumn) {
                components(field, i, into);
            }
        }
        if (idColumn >= record.getFieldCount()) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "there is no column " + (idColumn + 1) + " with the id");
        }
        return true;
    }

    private static void components(String field, int column, InputRow into) {
        String inner = field.strip();
        if (inner.startsWith("[") && inner.endsWith("]")) {
            inner = inner.substring(1, inner.length() - 1).strip();
        }
        if (!inner.isEmpty()) {
            for (String each : inner.split("\\s*[,;]\\s*|\\s+", -1)) {
                component(each, column, into);
            }
        }
    }

    private static void component(String text, int column, InputRow into) {
        try {
            into.add(Float.parseFloat(text));
        } catch (NumberFormatException notANumber) {
            into.reject(
                    ErrorCode.MALFORMED_MESSAGE,
                    "'" + PointIds.shorten(text) + "' in column " + (column + 1) + " is not a number");
        }
    }

    @Override
    public void skip(long count) throws IOException {
        for (long i = 0; i < count && take() != null; i++) {
            row++;
        }
    }

    @Override
    public long rowCount() {
        return -1;
    }

    @Override
    public double fraction() {
        return input.fraction();
    }

    @Override
    public void close() throws IOException {
        records.close();
        input.close();
    }
}
