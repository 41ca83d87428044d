------------------------------- MODULE MCRaft -------------------------------
(* GrapeRaft with bounds, so that TLC comes to an end, and with starts in the middle of a history. *)
EXTENDS GrapeRaft, TLC

CONSTANTS
    n1, n2, n3, n4,
    MaxTerm,        \* terms that may begin
    MaxLog,         \* entries in a log
    MaxMessages,    \* messages ever sent
    MaxBatch,       \* entries in an append
    MaxCrashes,     \* crashes of all nodes together
    Start           \* "new", "led", "contested", "lonely" or "lonelyRestarted"

VARIABLE crashes

Symmetry ==
    Permutations(FirstVoters) \cup (IF Node = FirstVoters THEN {} ELSE Permutations(Node \ FirstVoters))

(* What an operator may ask for; a configuration file cannot hold records. *)
NoTarget == {}
HandOver == {Members(Node \ FirstVoters, {}, {})}

Bounded ==
    /\ \A n \in Node : replica[n].term <= MaxTerm /\ Len(replica[n].log) <= MaxLog
    /\ Cardinality(network) <= MaxMessages

(* How many entries all nodes hold at the start. *)
Agreed == IF Start \in {"lonely", "lonelyRestarted"} THEN 2 ELSE 0

(* Sends what the peer is not known to hold, and a commit index that is news. *)
UsefulSend(n, p, prevIndex, count) ==
    /\ prevIndex >= Max(replica[n].match[p], Agreed)
    /\ count <= MaxBatch
    /\ count = 0 => replica[n].commit > Agreed

----------------------------------------------------------------------------
Process(role, t, v, log) ==
    [role |-> role, term |-> t, vote |-> v, log |-> log, commit |-> 0, durable |-> Len(log), votes |-> {},
     match |-> NoMatch]

(* All that the processes know is on their disks, and whatever was sent is lost. *)
Settled(processes, leaders) ==
    /\ replica = processes
    /\ disk = [n \in Node |-> [term |-> processes[n].term, vote |-> processes[n].vote, commit |-> 0,
                               log |-> processes[n].log]]
    /\ staged = [n \in Node |-> <<>>]
    /\ outbox = [n \in Node |-> {}]
    /\ network = {}
    /\ elected = leaders
    /\ decided = <<>>

(* All first voters have elected one of them, and nothing else has happened. *)
Led ==
    \E leader \in FirstVoters :
        Settled([n \in Node |->
                    CASE n = leader -> Process("leader", 1, leader, <<NoOp(1)>>)
                      [] n \in FirstVoters \ {leader} -> Process("follower", 1, leader, <<>>)
                      [] OTHER -> Process("follower", 0, Nil, <<>>)],
                {<<1, leader>>})

(* Paper, figure 8 (c): a led term 1 and b led term 2, neither got through; a leads term 3 by the vote of the rest. *)
Contested ==
    \E a \in Node : \E b \in Node \ {a} :
        Settled([n \in Node |->
                    CASE n = a -> Process("leader", 3, a, <<NoOp(1), NoOp(3)>>)
                      [] n = b -> Process("follower", 3, Nil, <<NoOp(2)>>)
                      [] OTHER -> Process("follower", 3, a, <<>>)],
                {<<1, a>>, <<2, b>>, <<3, a>>})

(* A sole voter leads term 1, or has just restarted after it; all others have learned all that it has committed. *)
Lonely(role) ==
    \E leader \in FirstVoters :
        LET log == <<NoOp(1), Entry(1, "configuration", 0, Members({leader}, {}, Node \ {leader}))>> IN
        /\ replica = [n \in Node |->
                        [Process(IF n = leader THEN role ELSE "follower", 1,
                                 IF n = leader THEN leader ELSE Nil, log)
                         EXCEPT !.commit = 2,
                                !.match = [p \in Node |-> IF role = "leader" /\ n = leader /\ p # leader THEN 2 ELSE 0]]]
        /\ disk = [n \in Node |-> [term |-> 1, vote |-> IF n = leader THEN leader ELSE Nil, commit |-> 2,
                                   log |-> log]]
        /\ staged = [n \in Node |-> <<>>]
        /\ outbox = [n \in Node |-> {}]
        /\ network = {}
        /\ elected = {<<1, leader>>}
        /\ decided = log

MCInit ==
    /\ crashes = 0
    /\ CASE Start = "new" -> Init
         [] Start = "led" -> Led
         [] Start = "contested" -> Contested
         [] Start = "lonely" -> Lonely("leader")
         [] Start = "lonelyRestarted" -> Lonely("follower")

MCNext ==
    \/ Work /\ UNCHANGED crashes
    \/ crashes < MaxCrashes /\ Crash /\ crashes' = crashes + 1
=============================================================================
