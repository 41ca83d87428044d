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
    Start           \* "new", "led" or "contested"

VARIABLE crashes

Symmetry == Permutations(Node)

Bounded ==
    /\ \A n \in Node : replica[n].term <= MaxTerm /\ Len(replica[n].log) <= MaxLog
    /\ Cardinality(network) <= MaxMessages

(* Sends what the peer is not known to hold, from where the code would begin or go back to. *)
UsefulSend(n, p, prevIndex, count) ==
    /\ prevIndex >= replica[n].match[p]
    /\ count <= MaxBatch
    /\ count = 0 => replica[n].commit > 0

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

MCInit ==
    /\ crashes = 0
    /\ CASE Start = "new" -> Init
         [] Start = "led" -> Led
         [] Start = "contested" -> Contested

MCNext ==
    \/ Work /\ UNCHANGED crashes
    \/ crashes < MaxCrashes /\ Crash /\ crashes' = crashes + 1
=============================================================================
