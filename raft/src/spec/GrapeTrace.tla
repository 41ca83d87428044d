----------------------------- MODULE GrapeTrace -----------------------------
(***************************************************************************)
(* Is a recorded run of the code a behaviour of GrapeRaft?                 *)
(*                                                                         *)
(* A generated module defines Events, one record for each thing that a     *)
(* replica, its disk or its process did, in order.  Each must be a step of *)
(* the action that it names, with the recorded messages and the recorded   *)
(* state after it.  Nothing is left to be guessed but whether a message    *)
(* that had no visible effect was heeded or ignored.                       *)
(*                                                                         *)
(*   e     which action                                                    *)
(*   n     the node                                                        *)
(*   m     the message that is received, or sent by an action of its own   *)
(*   sent  the other messages that the action puts out                     *)
(*   v     <<role, term, vote, commit, last, lastTerm, durable>> after it  *)
(*                                                                         *)
(* Mutants are falsified copies of the trace, each as the slice that       *)
(* replaces the events from..to-1.  All are checked in one go: a behaviour *)
(* may go over to a mutant where its slice begins.  The trace and each     *)
(* mutant that reaches its end is printed as accepted.                     *)
(***************************************************************************)
EXTENDS GrapeRaft, TLC

CONSTANTS Events, Mutants

VARIABLES
    at,             \* index of the next event
    mutant          \* which mutant is followed; 0 for the trace itself

Changed(k) == Mutants[k].to - Mutants[k].from
Length(k) == IF k = 0 THEN Len(Events) ELSE Len(Events) - Changed(k) + Len(Mutants[k].by)
EventAt(k, i) ==
    IF k = 0 \/ i < Mutants[k].from
    THEN Events[i]
    ELSE IF i < Mutants[k].from + Len(Mutants[k].by)
         THEN Mutants[k].by[i - Mutants[k].from + 1]
         ELSE Events[i - Len(Mutants[k].by) + Changed(k)]

Cmd(t, c) == Entry(t, "command", c, Nobody)
Conf(t, voters, outgoing, learners) == Entry(t, "configuration", 0, Members(voters, outgoing, learners))

View(n) ==
    LET s == replica[n]
    IN  <<s.role, s.term, s.vote, s.commit, Len(s.log), LastTerm(s.log), s.durable>>

(* What a node has put out, whether it is on its way or waits for the disk. *)
PutOut(n) == network \cup {w.message : w \in outbox[n]}

(* The code ignores what is old, what comes from an earlier life of the sender, and candidates while a leader lives. *)
(* An answer in our own term only adds to what is known, so it need not be tried both ways.                          *)
IsAnswer(m) == m.type \in {"voteReply", "appendReply", "heartbeatAnswer"}
Ignore(m) ==
    /\ IsAnswer(m) /\ m.term <= replica[m.to].term => ~ENABLED Receive(m)
    /\ UNCHANGED vars

ChangeTo(n, members) ==
    /\ \/ ChangeMembers(n, Members(members.voters, {}, members.learners))
       \/ LeaveJoint(n)
    /\ replica'[n].log[Len(replica'[n].log)].members = members

Action(e) ==
    CASE e.e = "receive" -> e.m \in network /\ e.m.to = e.n /\ (Receive(e.m) \/ Ignore(e.m))
      [] e.e = "preCandidate" -> BecomePreCandidate(e.n)
      [] e.e = "candidate" -> BecomeCandidate(e.n, e.transfer)
      [] e.e = "leader" -> BecomeLeader(e.n)
      [] e.e = "stepDown" -> StepDown(e.n)
      [] e.e = "command" -> ClientRequest(e.n, e.command)
      [] e.e = "configuration" -> ChangeTo(e.n, e.members)
      [] e.e = "append" -> SendAppend(e.n, e.m.to, e.m.prevIndex, Len(e.m.entries)) /\ e.m \in network'
      [] e.e = "heartbeat" -> SendHeartbeat(e.n, e.m.to, e.m.index) /\ e.m \in network'
      [] e.e = "speakUp" -> SpeakUp(e.n, e.m.to) /\ e.m \in network'
      [] e.e = "ask" -> AskToStand(e.n, e.m.to) /\ e.m \in network'
      [] e.e = "commit" -> AdvanceCommit(e.n, e.v[4])
      [] e.e = "hint" -> StageCommit(e.n)
      [] e.e = "force" -> Force(e.n, e.count)
      [] e.e = "restart" -> Restart(e.n, e.survivors)

Follows(e) ==
    /\ Action(e)
    /\ View(e.n)' = e.v
    /\ e.sent \subseteq PutOut(e.n)'
    /\ PutOut(e.n)' \ PutOut(e.n) \subseteq e.sent

TraceInit == Init /\ at = 1 /\ mutant = 0

TraceNext ==
    \E k \in {mutant} \cup {j \in DOMAIN Mutants : mutant = 0 /\ Mutants[j].from = at} :
        /\ at <= Length(k)
        /\ \E e \in {EventAt(k, at)} : Follows(e)
        /\ at' = at + 1
        /\ mutant' = k

(* For the reader of the output: how far each came, and who came to the end. *)
Progress == PrintT(<<"REACHED", mutant, at>>)
Accepted == at > Length(mutant) => PrintT(<<"ACCEPTED", mutant>>)
=============================================================================
