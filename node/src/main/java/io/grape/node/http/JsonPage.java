package io.grape.node.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.grape.codecs.sbe.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A page of JSON: GET and HEAD of exactly one path, or of all below one that ends in a slash.
 *
 * <p>The page is made in memory first, so that a failure is a clean 500. Thread: one of the server's.
 */
final class JsonPage implements HttpHandler {
    static final int OK = 200;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int FAILED = 500;
    static final int UNAVAILABLE = 503;

    private static final Logger LOG = LoggerFactory.getLogger(JsonPage.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int NO_BODY = -1;

    private final String path;
    private final Content content;

    /** Writes one page. */
    @FunctionalInterface
    interface Content {
        /**
         * Writes one JSON value.
         *
         * @param rest  of the path behind the page's own
         * @param query of the request, or empty
         * @return the status
         */
        int write(String rest, String query, JsonGenerator json);
    }

    JsonPage(String path, Content content) {
        this.path = path;
        this.content = content;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
                return;
            }
            String asked = exchange.getRequestURI().getPath();
            ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
            int status = page(asked, query(exchange), body);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(status, NO_BODY);
            } else {
                exchange.sendResponseHeaders(status, body.size());
                body.writeTo(exchange.getResponseBody());
            }
        }
    }

    private int page(String asked, String query, ByteArrayOutputStream body) {
        boolean isMine = path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
        if (!isMine) {
            error(body, "no such page; there are " + HttpEndpoint.PAGES);
            return NOT_FOUND;
        }
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            return content.write(asked.substring(path.length()), query, json);
        } catch (RuntimeException defect) {
            LOG.error("page failed path={} code={}", asked, ErrorCode.INTERNAL, defect);
            body.reset();
            error(body, "the page failed; the node's log says why");
            return FAILED;
        }
    }

    private static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null ? "" : query;
    }

    private static void error(ByteArrayOutputStream body, String text) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            json.writeStartObject();
            json.writeStringProperty("error", text);
            json.writeEndObject();
        }
    }

    /** Writes a list of sentences. */
    static void strings(JsonGenerator json, String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }
}
