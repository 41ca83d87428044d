package io.grape.client.gather;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.ErrorCode;
import org.agrona.DirectBuffer;

/**
 * Hears the parts of one request and answers for the whole.
 *
 * <p>The whole fails if a part fails, once all of them have their outcome; the text then says how many parts succeeded, for
 * a write of several groups is atomic in each of them only. Thread-safe: parts may be submitted while others are answered.
 */
public abstract class Gather {
    final ReplyHandler target;
    private final int parts;
    private int waiting;
    private int failed;
    private ErrorCode code = ErrorCode.OK;
    private String text = "";

    Gather(ReplyHandler target, int parts) {
        this.target = target;
        this.parts = parts;
        this.waiting = parts;
    }

    /** Returns the handler of one part, 0 to one less than their number. */
    public ReplyHandler part(int part) {
        return new Part(part);
    }

    private final class Part implements ReplyHandler {
        private final int part;

        Part(int part) {
            this.part = part;
        }

        @Override
        public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
            answered(part, templateId, buffer, offset, length);
        }

        @Override
        public void onError(ErrorCode errorCode, String errorText) {
            refused(errorCode, errorText);
        }

        @Override
        public boolean isCancelled() {
            return target.isCancelled();
        }
    }

    private synchronized void answered(int part, int templateId, DirectBuffer buffer, int offset, int length) {
        if (!take(part, templateId, buffer, offset, length)) {
            note(ErrorCode.INTERNAL, "A reply of template " + templateId + " does not answer this request.");
        }
        oneLess();
    }

    private synchronized void refused(ErrorCode errorCode, String errorText) {
        note(errorCode, errorText);
        oneLess();
    }

    /** Lets the whole fail with the first thing that went wrong. */
    final void note(ErrorCode errorCode, String errorText) {
        failed++;
        if (code == ErrorCode.OK) {
            code = errorCode;
            text = errorText;
        }
    }

    private void oneLess() {
        if (--waiting > 0) {
            return;
        }
        if (code != ErrorCode.OK) {
            String whole = failed == parts ? text : text + partly(parts - failed, parts);
            target.onError(code, whole);
        } else {
            finish();
        }
    }

    /** Says what became of the parts that did not fail, or nothing. */
    String partly(int succeeded, int all) {
        return "";
    }

    /**
     * Takes the reply of a part; it is valid during this call.
     *
     * @return false if the reply does not answer the request
     */
    abstract boolean take(int part, int templateId, DirectBuffer buffer, int offset, int length);

    /** All parts were answered: calls the target. */
    abstract void finish();
}
