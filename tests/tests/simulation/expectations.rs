//! What the usual seeds must meet at least, so that the simulation cannot become a walk in the park unnoticed.

use crate::coverage::Coverage;

/// What must be met, and how often in a thousand seeds: about a third of what was met when it was written down.
const EXPECTED: [(&str, u64); 80] = [
    // Somebody dies while a worker is at a generation: where it stands then.
    ("death: held", 100),
    ("death: submitting", 300),
    ("death: submitted", 70),
    ("death: stored", 30),
    ("death: stored, placing", 12),
    ("death: stored, sending", 50),
    ("death: stored, shown", 20),
    ("death: ended, untold", 20),
    ("mishap: a node dies", 250),
    ("mishap: the whole program dies", 200),
    ("mishap: a node stands still", 150),
    ("mishap: a node is told to stop", 250),
    // Guards at work.
    ("log: somebody else has taken over a job", 60),
    ("log: a lease passed to another process", 100),
    ("log: handing back jobs that take too long", 20),
    ("log: holds that nobody ended were released", 20),
    ("log: waking a worker failed; the sweeper will find the job", 100),
    ("log: updates could not be kept; telegram will give them again", 150),
    ("job: buried", 15),
    ("update: set aside", 20),
    // How requests end.
    ("end: delivered", 3_000),
    ("end: refused", 250),
    ("end: invalid", 20),
    ("end: unavailable", 100),
    ("end: no model", 1),
    ("end: internal", 10),
    ("end: cancelled", 60),
    ("end: expired", 100),
    ("told: by an edit", 500),
    ("told: by new messages", 1_200),
    ("told: by the way to the gallery", 70),
    ("told: by the way to the gallery, after a death in the gap of sending", 25),
    ("told: that nothing came of it", 500),
    ("told: nobody", 20),
    ("images: by another model than the first", 300),
    ("images: fewer than asked for", 50),
    ("images: for free", 40),
    ("images: deleted", 80),
    ("log: images came late; they are free", 25),
    ("log: images came after their credits were released; they are free", 12),
    // Providers.
    ("provider: an answer is lost, its effect is not", 200),
    ("provider: too many requests", 100),
    ("provider: a locked account", 250),
    ("provider: a retired model", 80),
    ("attempts: submitted again after a lost answer", 400),
    ("callback: before the answer", 130),
    ("callback: a repeat", 200),
    ("callback: after the delivery", 100),
    ("callback: after the end in vain", 30),
    // People.
    ("people: a paid button pressed several times at once", 1_000),
    ("people: several presses were one request", 1_000),
    ("people: an old button", 700),
    ("people: the bot is blocked", 250),
    ("people: a message of the bot is removed", 250),
    // Avatars: how they are made, what befalls their trainings, how they end.
    ("people: an album", 500),
    ("people: single photos", 350),
    ("log: a training was ordered", 200),
    ("log: a training was taken back", 20),
    ("log: photos were removed", 150),
    ("log: weights could not be opened", 15),
    ("log: weights could not be copied", 2),
    ("log: an avatar was deleted", 10),
    ("avatar: ready", 150),
    ("avatar: unavailable", 10),
    ("avatar: no weights", 8),
    ("avatar: refused", 2),
    ("avatar: taken back", 3),
    ("training: tried again", 30),
    ("training: ordered again after a lost answer", 18),
    ("training: a second one", 25),
    ("training callback: before the answer", 4),
    ("training callback: while it is awaited", 90),
    ("training callback: after the end", 20),
    ("death: training queued", 12),
    ("death: training submitting", 6),
    ("death: training at the trainer", 4),
    ("death: weights being copied", 2),
    ("images: of an avatar", 60),
    ("images: previews of an avatar", 140),
    ("erasure", 25),
];

/// What was met too rarely.
pub fn missing(coverage: &Coverage) -> Vec<String> {
    EXPECTED
        .iter()
        .map(|(what, least)| (what, least, coverage.count(what)))
        .filter(|(_, least, times)| times < least)
        .map(|(what, least, times)| format!("{what}: {times} times, {least} are expected"))
        .collect()
}
