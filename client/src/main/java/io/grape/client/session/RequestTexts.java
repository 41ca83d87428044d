package io.grape.client.session;

import io.grape.codecs.sbe.ErrorCode;

/** What callers read when a request ends without an answer. Stateless. */
final class RequestTexts {
    private RequestTexts() {}

    static String tooLong(RequestSlot slot, int limit) {
        return "The request takes " + slot.length + " bytes and the node accepts " + limit + "; make it smaller.";
    }

    static String timeout(RequestSlot slot) {
        StringBuilder text = new StringBuilder(160);
        boolean isOpenEnded = slot.isUncertain || slot.state == RequestSlot.State.SENT;
        text.append(slot.target >= 0 ? "No answer from node " + slot.target : "No answer")
                .append(" within the deadline");
        text.append(" after ").append(slot.attempts).append(" attempts");
        if (slot.isWrite) {
            text.append(isOpenEnded ? "; the outcome is unknown" : "; nothing was done");
        }
        if (slot.lastCode != ErrorCode.OK) {
            text.append("; the last refusal was ")
                    .append(slot.lastCode)
                    .append(": ")
                    .append(slot.lastText);
        }
        return text.append('.').toString();
    }
}
