package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.node.request.UpsertView;

/** Whether a group may write all the points of a command, as of the entry that is applied. Thread: the apply agent's. */
final class Ownership {
    private final GroupCommands commands;

    Ownership(GroupCommands commands) {
        this.commands = commands;
    }

    /** Returns the first answer that is not OK. */
    @HotPath
    ErrorCode judge(int collectionId, UpsertView upsert) {
        int count = upsert.count();
        for (int i = 0; i < count; i++) {
            ErrorCode code = commands.judge(collectionId, upsert.idMost(i), upsert.idLeast(i));
            if (code != ErrorCode.OK) {
                return code;
            }
        }
        return ErrorCode.OK;
    }

    /** Returns the first answer that is not OK; the decoder is at its end then, or behind that point. */
    @HotPath
    ErrorCode judge(int collectionId, DeleteDecoder.PointsDecoder points) {
        while (points.hasNext()) {
            PointIdDecoder id = points.next().id();
            ErrorCode code = commands.judge(collectionId, id.most(), id.least());
            if (code != ErrorCode.OK) {
                return code;
            }
        }
        return ErrorCode.OK;
    }
}
