----------------------------- MODULE GrapeRaft -----------------------------
(***************************************************************************)
(* The consensus that package io.grape.raft.core builds, for one group:    *)
(* elections with or without pre-vote, replication, commit, joint          *)
(* membership with learners, leadership transfer; and the disk under it,   *)
(* which is written behind the back of the replica.                        *)
(*                                                                         *)
(* What differs from the paper is the disk.  Term, vote and log are        *)
(* changed in memory at once and staged as operations of a journal.  The   *)
(* journal becomes durable later, in order and in portions; a crash keeps  *)
(* what is durable and any number of the next operations.  A message that  *)
(* claims something of the disk waits in an outbox until all that was      *)
(* staged before it is durable.                                            *)
(*                                                                         *)
(* The network is a set: what was ever sent can be received at any time,   *)
(* any number of times, in any order, or never.                            *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences

CONSTANTS
    Node,           \* all nodes, members or not
    Nil,            \* nobody
    FirstVoters,    \* the voters before any configuration entry
    Command,        \* what clients may ask for
    Target,         \* memberships that an operator may ask for: records of Members
    Feature,        \* optional behaviour: see below
    Bug             \* rules to break: {} but in the tests of this specification

(* "preVote"     an election begins with a pre-vote                        *)
(* "transfer"    a leader may ask a voter to stand                         *)
(* "refuse"      a vote may be refused that could be given                 *)
(* "stepDown"    a leader or candidate may give up by itself               *)
(* "commitHint"  the commit index is written along with entries            *)
(* "split"       the disk forces some of the staged operations only        *)
(* "courtesy"    refusals are sent; they claim nothing, and may be lost    *)
(* "frames"      heartbeats travel without a place in the log              *)
ASSUME Feature \subseteq {"preVote", "transfer", "refuse", "stepDown", "commitHint", "split", "courtesy", "frames"}
ASSUME FirstVoters \subseteq Node

VARIABLES
    replica,        \* what each process holds in memory
    disk,           \* what each disk holds for certain
    staged,         \* journal operations on their way to the disk
    outbox,         \* messages that wait for the disk
    network,        \* messages that were sent
    elected,        \* history: <<term, leader>>
    decided         \* history: the entries that were ever committed

vars == <<replica, disk, staged, outbox, network, elected, decided>>

----------------------------------------------------------------------------
(* Values *)

Members(voters, outgoing, learners) ==
    [voters |-> voters, outgoing |-> outgoing, learners |-> learners]
Nobody == Members({}, {}, {})

Entry(t, kind, command, members) ==
    [term |-> t, kind |-> kind, command |-> command, members |-> members]
NoOp(t) == Entry(t, "noop", 0, Nobody)

Hard(t, v, c) == [op |-> "hard", term |-> t, vote |-> v, commit |-> c]
Add(entry) == [op |-> "append", entry |-> entry]
Cut(index) == [op |-> "truncate", index |-> index]

VoteRequest(from, to, t, lastTerm, lastIndex, pre, transfer) ==
    [type |-> "voteRequest", from |-> from, to |-> to, term |-> t,
     lastTerm |-> lastTerm, lastIndex |-> lastIndex, pre |-> pre, transfer |-> transfer]
VoteReply(from, to, t, granted, pre) ==
    [type |-> "voteReply", from |-> from, to |-> to, term |-> t, granted |-> granted, pre |-> pre]
AppendRequest(from, to, t, prevIndex, prevTerm, entries, leaderCommit) ==
    [type |-> "append", from |-> from, to |-> to, term |-> t, prevIndex |-> prevIndex,
     prevTerm |-> prevTerm, entries |-> entries, commit |-> leaderCommit]
AppendReply(from, to, t, outcome, matchIndex) ==
    [type |-> "appendReply", from |-> from, to |-> to, term |-> t, outcome |-> outcome,
     match |-> matchIndex]
Heartbeat(from, to, t, index, indexTerm) ==
    [type |-> "heartbeat", from |-> from, to |-> to, term |-> t, index |-> index, indexTerm |-> indexTerm]
HeartbeatAnswer(from, to, t) ==
    [type |-> "heartbeatAnswer", from |-> from, to |-> to, term |-> t]
TimeoutNow(from, to, t) ==
    [type |-> "timeoutNow", from |-> from, to |-> to, term |-> t]

----------------------------------------------------------------------------
(* Functions of a log *)

Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b

TermAt(log, index) == IF index = 0 THEN 0 ELSE log[index].term
LastTerm(log) == TermAt(log, Len(log))

IsPrefix(a, b) == Len(a) <= Len(b) /\ SubSeq(b, 1, Len(a)) = a

FirstMembers(n) == IF n \in FirstVoters THEN Members(FirstVoters, {}, {}) ELSE Nobody

(* A configuration is in force from the moment it is in the log, committed or not. *)
Configurations(log, index) == {i \in 1..index : log[i].kind = "configuration"}
MembersAt(n, log, index) ==
    LET c == Configurations(log, index)
    IN  IF c = {} THEN FirstMembers(n) ELSE log[CHOOSE i \in c : \A j \in c : j <= i].members
ConfigurationIndex(log) ==
    LET c == Configurations(log, Len(log))
    IN  IF c = {} THEN 0 ELSE CHOOSE i \in c : \A j \in c : j <= i
InForce(n) == MembersAt(n, replica[n].log, Len(replica[n].log))

Voters(m) == m.voters \cup m.outgoing
All(m) == m.voters \cup m.outgoing \cup m.learners
IsJoint(m) == m.outgoing # {}
Majority(of, s) == 2 * Cardinality(of \cap s) > Cardinality(of)
(* Both halves of a joint configuration must agree. *)
Quorum(m, s) ==
    /\ IF "noQuorum" \in Bug THEN m.voters \cap s # {} ELSE Majority(m.voters, s)
    /\ m.outgoing # {} => Majority(m.outgoing, s)

----------------------------------------------------------------------------
(* The disk *)

Apply(image, operation) ==
    CASE operation.op = "hard" ->
            [image EXCEPT !.term = operation.term, !.vote = operation.vote, !.commit = operation.commit]
      [] operation.op = "append" -> [image EXCEPT !.log = Append(@, operation.entry)]
      [] operation.op = "truncate" -> [image EXCEPT !.log = SubSeq(@, 1, operation.index - 1)]

RECURSIVE ApplyAll(_, _)
ApplyAll(image, operations) ==
    IF operations = <<>> THEN image ELSE ApplyAll(Apply(image, Head(operations)), Tail(operations))

Stage(n, operations) == staged' = [staged EXCEPT ![n] = @ \o operations]

(* Sends some messages now and others once all that is staged by then is durable; staged' must be known. *)
Send(n, now, onceDurable) ==
    LET after == Len(staged'[n])
        waiting == {[after |-> after, message |-> m] : m \in onceDurable \ network}
    IN  /\ network' = network \cup now \cup (IF after = 0 THEN onceDurable ELSE {})
        /\ outbox' = IF after = 0 THEN outbox ELSE [outbox EXCEPT ![n] = @ \cup waiting]

Courtesy(message) == IF "courtesy" \in Feature THEN {message} ELSE {}

(* Where a reply belongs that the rule wants to wait for the disk. *)
SendOnceDurable(n, bug, messages) ==
    IF bug \in Bug THEN Send(n, messages, {}) ELSE Send(n, {}, messages)

----------------------------------------------------------------------------
(* Roles and terms *)

NoMatch == [p \in Node |-> 0]

Follower(s) == [s EXCEPT !.role = "follower", !.votes = {}, !.match = NoMatch]
Raised(s, t) == IF t > s.term THEN [Follower(s) EXCEPT !.term = t, !.vote = Nil] ELSE s
RaiseOperations(s, t) == IF t > s.term THEN <<Hard(t, Nil, s.commit)>> ELSE <<>>

Become(n, s) == replica' = [replica EXCEPT ![n] = s]

(* Appends to the history what is committed for the first time. *)
Decide(s) ==
    decided' = IF s.commit > Len(decided)
               THEN decided \o SubSeq(s.log, Len(decided) + 1, s.commit)
               ELSE decided

UpToDate(s, lastTerm, lastIndex) ==
    \/ lastTerm > LastTerm(s.log)
    \/ lastTerm = LastTerm(s.log) /\ lastIndex >= Len(s.log)

(* Who votes; or who lost its vote by a change that is not committed here. *)
MaySeekElection(n) ==
    \/ n \in Voters(InForce(n))
    \/ n \in Voters(MembersAt(n, replica[n].log, replica[n].commit))

Init ==
    /\ replica = [n \in Node |-> [role |-> "follower", term |-> 0, vote |-> Nil, log |-> <<>>, commit |-> 0,
                                  durable |-> 0, votes |-> {}, match |-> NoMatch]]
    /\ disk = [n \in Node |-> [term |-> 0, vote |-> Nil, commit |-> 0, log |-> <<>>]]
    /\ staged = [n \in Node |-> <<>>]
    /\ outbox = [n \in Node |-> {}]
    /\ network = {}
    /\ elected = {}
    /\ decided = <<>>

----------------------------------------------------------------------------
(* Elections *)

Requests(n, s, t, pre, transfer) ==
    {VoteRequest(n, p, t, LastTerm(s.log), Len(s.log), pre, transfer) : p \in Voters(InForce(n)) \ {n}}

(* Asks who would vote.  No term rises and nothing is staged. *)
BecomePreCandidate(n) ==
    LET s == replica[n] IN
    /\ "preVote" \in Feature
    /\ s.role # "leader"
    /\ MaySeekElection(n)
    /\ Become(n, [s EXCEPT !.role = "preCandidate", !.votes = {n}])
    /\ network' = network \cup Requests(n, s, s.term + 1, TRUE, FALSE)
    /\ UNCHANGED <<disk, staged, outbox, elected, decided>>

BecomeCandidate(n, transfer) ==
    LET s == replica[n] IN
    /\ MaySeekElection(n)
    /\ IF transfer
       THEN s.role = "follower" /\ \E m \in network : m.type = "timeoutNow" /\ m.to = n /\ m.term = s.term
       ELSE IF "preVote" \in Feature
       THEN s.role = "preCandidate" /\ Quorum(InForce(n), s.votes)
       ELSE s.role # "leader"
    /\ Become(n, [s EXCEPT !.role = "candidate", !.term = s.term + 1, !.vote = n, !.votes = {n}])
    /\ Stage(n, <<Hard(s.term + 1, n, s.commit)>>)
    /\ SendOnceDurable(n, "requestBeforeDurable", Requests(n, s, s.term + 1, FALSE, transfer))
    /\ UNCHANGED <<disk, elected, decided>>

(* A no-op begins the term; nothing is assumed of any peer. *)
BecomeLeader(n) ==
    LET s == replica[n]
        noOp == NoOp(s.term)
    IN
    /\ s.role = "candidate"
    /\ Quorum(InForce(n), s.votes)
    /\ Become(n, [s EXCEPT !.role = "leader", !.votes = {}, !.match = NoMatch, !.log = Append(@, noOp)])
    /\ Stage(n, <<Add(noOp)>>)
    /\ elected' = elected \cup {<<s.term, n>>}
    /\ UNCHANGED <<disk, outbox, network, decided>>

(* Hears no quorum, lost the election, or is no voter any more. *)
StepDown(n) ==
    /\ "stepDown" \in Feature
    /\ replica[n].role # "follower"
    /\ Become(n, Follower(replica[n]))
    /\ UNCHANGED <<disk, staged, outbox, network, elected, decided>>

HandlePreVoteRequest(n, m) ==
    LET s == replica[n]
        granted == m.term > s.term /\ UpToDate(s, m.lastTerm, m.lastIndex)
        reply == VoteReply(n, m.from, IF granted THEN m.term ELSE s.term, granted, TRUE)
    IN
    /\ network' = network \cup {reply}
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

(* Gives or refuses a vote; a refusal claims nothing of the disk. *)
AnswerVoteRequest(n, m, granted) ==
    LET s == Raised(replica[n], m.term)
        voted == IF granted THEN [s EXCEPT !.vote = m.from] ELSE s
        operations == IF granted /\ s.vote # m.from THEN <<Hard(s.term, m.from, s.commit)>> ELSE <<>>
        reply == VoteReply(n, m.from, s.term, granted, FALSE)
    IN
    /\ Become(n, voted)
    /\ Stage(n, RaiseOperations(replica[n], m.term) \o operations)
    /\ IF granted THEN SendOnceDurable(n, "voteBeforeDurable", {reply}) ELSE Send(n, Courtesy(reply), {})
    /\ UNCHANGED <<disk, elected, decided>>

MayVote(s, m) ==
    /\ m.term = s.term
    /\ s.vote \in {Nil, m.from} \/ "voteTwice" \in Bug
    /\ UpToDate(s, m.lastTerm, m.lastIndex) \/ "voteForShorterLog" \in Bug

HandleVoteRequest(n, m) == AnswerVoteRequest(n, m, MayVote(Raised(replica[n], m.term), m))

(* The code refuses where it knows the leader of the term. *)
RefuseVote(n, m) == "refuse" \in Feature /\ AnswerVoteRequest(n, m, FALSE)

HandleVoteReply(n, m) ==
    LET s == replica[n]
        promise == m.pre /\ m.granted
    IN
    /\ s.role \in {"preCandidate", "candidate"}
    /\ IF m.term > s.term /\ ~promise
       THEN /\ Become(n, Raised(s, m.term))
            /\ Stage(n, RaiseOperations(s, m.term))
       ELSE /\ m.granted
            /\ m.pre = (s.role = "preCandidate")
            /\ m.term = IF m.pre THEN s.term + 1 ELSE s.term
            /\ m.from \notin s.votes
            /\ Become(n, [s EXCEPT !.votes = @ \cup {m.from}])
            /\ UNCHANGED staged
    /\ UNCHANGED <<disk, outbox, network, elected, decided>>

----------------------------------------------------------------------------
(* Replication *)

AppendAsLeader(n, entry) ==
    /\ Become(n, [replica[n] EXCEPT !.log = Append(@, entry)])
    /\ Stage(n, <<Add(entry)>>)
    /\ UNCHANGED <<disk, outbox, network, elected, decided>>

ClientRequest(n, command) ==
    /\ replica[n].role = "leader"
    /\ AppendAsLeader(n, Entry(replica[n].term, "command", command, Nobody))

(* A crash must not let this node lead the term again with other entries.  With other voters this holds anyway, *)
(* because they are asked only once the own vote is durable; a sole voter has to wait for it.                   *)
OwnVoteIsDurable(n) ==
    \/ disk[n].term = replica[n].term /\ disk[n].vote = n
    \/ "soleVoterSendsEarly" \in Bug

(* To any member, from any place of the log, as often as it likes; a model may want less of it. *)
MaySend(n, p, prevIndex, count) == TRUE
SendAppend(n, p, prevIndex, count) ==
    LET s == replica[n] IN
    /\ s.role = "leader"
    /\ p \in All(InForce(n)) \ {n}
    /\ OwnVoteIsDurable(n)
    /\ prevIndex >= 0
    /\ prevIndex + count <= Len(s.log)
    /\ MaySend(n, p, prevIndex, count)
    /\ network' = network \cup {AppendRequest(n, p, s.term, prevIndex, TermAt(s.log, prevIndex),
                                              SubSeq(s.log, prevIndex + 1, prevIndex + count), s.commit)}
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

HandleStaleAppend(n, m) ==
    /\ m.term < replica[n].term
    /\ network' = network \cup Courtesy(AppendReply(n, m.from, replica[n].term, "stale", 0))
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

(* The first entry of the message that the log holds differently; 0 if there is none. *)
FirstConflict(log, m) ==
    LET c == {i \in 1..Len(m.entries) :
                /\ m.prevIndex + i <= Len(log)
                /\ \/ log[m.prevIndex + i].term # m.entries[i].term
                   \/ "alwaysTruncate" \in Bug}
    IN  IF c = {} THEN 0 ELSE m.prevIndex + CHOOSE i \in c : \A j \in c : i <= j

HandleAppend(n, m) ==
    LET before == replica[n]
        s == Follower(Raised(before, m.term))
        consistent == m.prevIndex <= Len(s.log) /\ TermAt(s.log, m.prevIndex) = m.prevTerm
        conflict == FirstConflict(s.log, m)
        kept == IF conflict = 0 THEN s.log ELSE SubSeq(s.log, 1, conflict - 1)
        new == SubSeq(m.entries, Len(kept) - m.prevIndex + 1, Len(m.entries))
        last == m.prevIndex + Len(m.entries)
        after == [s EXCEPT !.log = kept \o new,
                           !.durable = IF conflict = 0 THEN @ ELSE Min(@, conflict - 1),
                           !.commit = Max(@, Min(m.commit, IF "commitPastNew" \in Bug THEN Len(kept \o new) ELSE last))]
        operations == (IF conflict = 0 THEN <<>> ELSE <<Cut(conflict)>>) \o [i \in 1..Len(new) |-> Add(new[i])]
    IN
    /\ m.term >= before.term
    /\ m.term = before.term => before.role # "leader"
    /\ IF ~consistent
       THEN /\ Become(n, s)
            /\ Stage(n, RaiseOperations(before, m.term))
            /\ Send(n, Courtesy(AppendReply(n, m.from, s.term, "conflict", 0)), {})
            /\ UNCHANGED decided
       ELSE /\ Become(n, after)
            /\ Stage(n, RaiseOperations(before, m.term) \o operations)
            /\ SendOnceDurable(n, "ackBeforeDurable", {AppendReply(n, m.from, s.term, "accepted", last)})
            /\ Decide(after)
    /\ UNCHANGED <<disk, elected>>

HandleAppendReply(n, m) ==
    LET s == replica[n] IN
    /\ s.role = "leader"
    /\ IF m.term > s.term
       THEN /\ Become(n, Raised(s, m.term))
            /\ Stage(n, RaiseOperations(s, m.term))
       ELSE /\ m.term = s.term \/ "acksOfAnyTerm" \in Bug
            /\ m.outcome = "accepted"
            /\ m.match > s.match[m.from]
            /\ m.match <= Len(s.log)
            /\ Become(n, [s EXCEPT !.match[m.from] = m.match])
            /\ UNCHANGED staged
    /\ UNCHANGED <<disk, outbox, network, elected, decided>>

(* A heartbeat that many groups share a frame for: it names a committed entry, and the peer commits as far if it holds *)
(* that very entry.  The answer claims nothing of the disk; so does a peer that speaks up unasked.                    *)
SendHeartbeat(n, p, index) ==
    LET s == replica[n] IN
    /\ "frames" \in Feature
    /\ s.role = "leader"
    /\ p \in All(InForce(n)) \ {n}
    /\ OwnVoteIsDurable(n)
    /\ index \in 0..s.commit
    /\ network' = network \cup {Heartbeat(n, p, s.term, index, TermAt(s.log, index))}
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

HandleHeartbeat(n, m) ==
    LET before == replica[n]
        s == Follower(Raised(before, m.term))
        same == \/ m.index <= Len(s.log) /\ TermAt(s.log, m.index) = m.indexTerm
                \/ "heartbeatCommitsUnseen" \in Bug
        after == IF same THEN [s EXCEPT !.commit = Max(@, m.index)] ELSE s
    IN
    /\ m.term >= before.term
    /\ m.term = before.term => before.role # "leader"
    /\ Become(n, after)
    /\ Stage(n, RaiseOperations(before, m.term))
    /\ Send(n, Courtesy(HeartbeatAnswer(n, m.from, s.term)), {})
    /\ Decide(after)
    /\ UNCHANGED <<disk, elected>>

SpeakUp(n, p) ==
    /\ "frames" \in Feature
    /\ p # n
    /\ network' = network \cup Courtesy(HeartbeatAnswer(n, p, replica[n].term))
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

HandleHeartbeatAnswer(n, m) ==
    LET s == replica[n] IN
    /\ s.role = "leader"
    /\ m.term > s.term
    /\ Become(n, Raised(s, m.term))
    /\ Stage(n, RaiseOperations(s, m.term))
    /\ UNCHANGED <<disk, outbox, network, elected, decided>>

(* Who is known to hold the leader's log up to index on its disk; the leader itself is no exception. *)
Holders(n, index) ==
    LET s == replica[n]
        own == IF "countUnforced" \in Bug THEN Len(s.log) ELSE s.durable
    IN  {p \in Node \ {n} : s.match[p] >= index} \cup (IF own >= index THEN {n} ELSE {})

AdvanceCommit(n, index) ==
    LET s == replica[n]
        after == [s EXCEPT !.commit = index]
    IN
    /\ s.role = "leader"
    /\ index > s.commit
    /\ index <= Len(s.log)
    /\ s.log[index].term = s.term \/ "commitOldTerm" \in Bug
    /\ Quorum(InForce(n), Holders(n, index))
    /\ Become(n, after)
    /\ Decide(after)
    /\ UNCHANGED <<disk, staged, outbox, network, elected>>

----------------------------------------------------------------------------
(* Membership and transfer *)

ChangeMembers(n, target) ==
    LET s == replica[n]
        now == InForce(n)
        next == IF now.voters = target.voters \/ "noJoint" \in Bug
                THEN target
                ELSE Members(target.voters, now.voters, target.learners)
    IN
    /\ s.role = "leader"
    /\ TermAt(s.log, s.commit) = s.term \/ "changeBeforeCommit" \in Bug
    /\ ConfigurationIndex(s.log) <= s.commit \/ "changesOverlap" \in Bug
    /\ ~IsJoint(now)
    /\ target.voters \subseteq All(now)
    /\ target.voters # {}
    /\ AppendAsLeader(n, Entry(s.term, "configuration", 0, next))

LeaveJoint(n) ==
    LET s == replica[n]
        now == InForce(n)
    IN
    /\ s.role = "leader"
    /\ IsJoint(now)
    /\ ConfigurationIndex(s.log) <= s.commit
    /\ AppendAsLeader(n, Entry(s.term, "configuration", 0, Members(now.voters, {}, now.learners)))

(* An election is safe whoever asks for it; the target ought to hold the whole log. *)
AskToStand(n, p) ==
    LET s == replica[n] IN
    /\ "transfer" \in Feature
    /\ s.role = "leader"
    /\ p \in InForce(n).voters \ {n}
    /\ s.match[p] = Len(s.log)
    /\ network' = network \cup {TimeoutNow(n, p, s.term)}
    /\ UNCHANGED <<replica, disk, staged, outbox, elected, decided>>

----------------------------------------------------------------------------
(* Disk and crashes *)

StageCommit(n) ==
    LET s == replica[n] IN
    /\ "commitHint" \in Feature
    /\ s.commit > 0
    /\ Stage(n, <<Hard(s.term, s.vote, s.commit)>>)
    /\ UNCHANGED <<replica, disk, outbox, network, elected, decided>>

(* The first operations become durable; what waited for them is sent; the replica is told (term, index) of the *)
(* last entry that the disk now holds, and believes it only if its log still holds that very entry.            *)
Force(n, count) ==
    LET s == replica[n]
        image == ApplyAll(disk[n], SubSeq(staged[n], 1, count))
        index == Len(image.log)
        stands == index <= Len(s.log) /\ (TermAt(s.log, index) = LastTerm(image.log) \/ "staleDurableAck" \in Bug)
    IN
    /\ count \in 1..Len(staged[n])
    /\ disk' = [disk EXCEPT ![n] = image]
    /\ staged' = [staged EXCEPT ![n] = SubSeq(@, count + 1, Len(@))]
    /\ network' = network \cup {w.message : w \in {x \in outbox[n] : x.after <= count}}
    /\ outbox' = [outbox EXCEPT ![n] = {[w EXCEPT !.after = @ - count] : w \in {x \in @ : x.after > count}}]
    /\ Become(n, IF stands /\ index > s.durable THEN [s EXCEPT !.durable = index] ELSE s)
    /\ UNCHANGED <<elected, decided>>

(* A crash and the start after it: the disk kept some of what was not forced. *)
Restart(n, survivors) ==
    LET image == ApplyAll(disk[n], SubSeq(staged[n], 1, survivors)) IN
    /\ survivors \in 0..Len(staged[n])
    /\ disk' = [disk EXCEPT ![n] = image]
    /\ staged' = [staged EXCEPT ![n] = <<>>]
    /\ outbox' = [outbox EXCEPT ![n] = {}]
    /\ Become(n, [role |-> "follower", term |-> image.term, vote |-> image.vote, log |-> image.log,
                  commit |-> image.commit, durable |-> Len(image.log), votes |-> {}, match |-> NoMatch])
    /\ UNCHANGED <<network, elected, decided>>

----------------------------------------------------------------------------
Receive(m) ==
    \/ m.type = "voteRequest" /\ m.pre /\ HandlePreVoteRequest(m.to, m)
    \/ m.type = "voteRequest" /\ ~m.pre /\ (HandleVoteRequest(m.to, m) \/ RefuseVote(m.to, m))
    \/ m.type = "voteReply" /\ HandleVoteReply(m.to, m)
    \/ m.type = "append" /\ (HandleAppend(m.to, m) \/ HandleStaleAppend(m.to, m))
    \/ m.type = "appendReply" /\ HandleAppendReply(m.to, m)
    \/ m.type = "heartbeat" /\ (HandleHeartbeat(m.to, m) \/ HandleStaleAppend(m.to, m))
    \/ m.type = "heartbeatAnswer" /\ HandleHeartbeatAnswer(m.to, m)

ForceSizes(n) == IF "split" \in Feature THEN 1..Len(staged[n]) ELSE {Len(staged[n])}

Work ==
    \/ \E n \in Node :
        \/ BecomePreCandidate(n)
        \/ \E transfer \in {FALSE} \cup (IF "transfer" \in Feature THEN {TRUE} ELSE {}) :
            BecomeCandidate(n, transfer)
        \/ BecomeLeader(n)
        \/ StepDown(n)
        \/ \E c \in Command : ClientRequest(n, c)
        \/ \E p \in Node : \E prevIndex \in 0..Len(replica[n].log) :
            \E count \in 0..(Len(replica[n].log) - prevIndex) : SendAppend(n, p, prevIndex, count)
        \/ \E p \in Node : SpeakUp(n, p) \/ \E index \in 0..replica[n].commit : SendHeartbeat(n, p, index)
        \/ \E index \in 1..Len(replica[n].log) : AdvanceCommit(n, index)
        \/ \E target \in Target : ChangeMembers(n, target)
        \/ LeaveJoint(n)
        \/ \E p \in Node : AskToStand(n, p)
        \/ StageCommit(n)
        \/ \E count \in ForceSizes(n) : Force(n, count)
    \/ \E m \in network : Receive(m)

Crash == \E n \in Node : \E survivors \in 0..Len(staged[n]) : Restart(n, survivors)

Next == Work \/ Crash

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------
(* Safety.  Paper, figure 3. *)

(* At most one leader a term, over all of history. *)
ElectionSafety == \A a, b \in elected : a[1] = b[1] => a[2] = b[2]

(* One vote a term, as seen by the candidates. *)
OneVotePerTerm ==
    \A a, b \in {m \in network : m.type = "voteReply" /\ m.granted /\ ~m.pre} :
        a.from = b.from /\ a.term = b.term => a.to = b.to

(* Logs that agree at an index agree up to it; those on the disks too. *)
Matching(a, b) ==
    \A i \in 1..Min(Len(a), Len(b)) : a[i].term = b[i].term => SubSeq(a, 1, i) = SubSeq(b, 1, i)
LogMatching ==
    \A n, p \in Node :
        /\ n # p => Matching(replica[n].log, replica[p].log)
        /\ Matching(replica[n].log, disk[p].log)

(* The newest leader holds everything that was ever committed. *)
LeaderCompleteness ==
    \A n \in Node :
        replica[n].role = "leader" /\ (\A e \in elected : e[1] <= replica[n].term)
            => IsPrefix(decided, replica[n].log)

(* Whatever is applied at an index is the same everywhere and for ever. *)
StateMachineSafety ==
    \A n \in Node :
        /\ replica[n].commit <= Len(replica[n].log)
        /\ LET applied == SubSeq(replica[n].log, 1, replica[n].commit)
           IN  IsPrefix(applied, decided)

(* A leader knows of its own log what is true of its disk, as far as it may count it: entries of its term. *)
LeaderKnowsItsDisk ==
    \A n \in Node :
        LET s == replica[n] IN
        s.role = "leader" /\ TermAt(s.log, s.durable) = s.term => IsPrefix(SubSeq(s.log, 1, s.durable), disk[n].log)

(* What a restart would find is consistent: no commit index beyond the log, no entry newer than the term. *)
DiskIsConsistent ==
    \A n \in Node : \A k \in 0..Len(staged[n]) :
        LET image == ApplyAll(disk[n], SubSeq(staged[n], 1, k))
        IN  image.commit <= Len(image.log) /\ LastTerm(image.log) <= image.term

(* In memory is what the disk will hold once everything is forced. *)
MemoryIsDiskToBe ==
    \A n \in Node :
        LET image == ApplyAll(disk[n], staged[n])
        IN  image.log = replica[n].log /\ image.term = replica[n].term /\ image.vote = replica[n].vote

----------------------------------------------------------------------------
(* Properties of steps *)

(* A leader only appends to its log. *)
LeaderAppendOnlyStep ==
    \A n \in Node :
        replica[n].role = "leader" /\ replica'[n].role = "leader" /\ replica[n].term = replica'[n].term
            => IsPrefix(replica[n].log, replica'[n].log)
LeaderAppendOnly == [][LeaderAppendOnlyStep]_vars

(* What is committed for the first time is, at that moment, on the disks of a quorum. *)
HeldOnDisk(entries) == {p \in Node : IsPrefix(entries, disk[p].log)}
CommittedIsDurableStep ==
    Len(decided') > Len(decided) =>
        \A n \in Node :
            replica'[n].commit > replica[n].commit =>
                LET m == MembersAt(n, replica'[n].log, Len(replica'[n].log))
                    held == HeldOnDisk(SubSeq(replica'[n].log, 1, replica'[n].commit))
                IN  /\ Majority(m.voters, held)
                    /\ m.outgoing # {} => Majority(m.outgoing, held)
CommittedIsDurableOnQuorum == [][CommittedIsDurableStep]_vars
=============================================================================
