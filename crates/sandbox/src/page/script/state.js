// What the page knows, and who wants to hear of changes.
export const state = {
  /** Telegram id → { person, standing, messages, unread, replyKeyboard, loaded, waitingKeys, action } */
  people: new Map(),
  /** Telegram id of the person one is. */
  current: null,
  /** The bot's face: name, description, commands. */
  profile: { name: "Aisha", description: "", commands: [] },
  /** The bot's process; null when the sandbox has none. */
  process: null,
  system: { accounts: [], ledger: [], jobs: [], generations: [], unavailable: null },
  faults: { rules: [], held: [], delivery: { twice: false, shuffled: false }, limits: null },
  calls: [],
  log: [],
};

const listeners = new Map();

/** Calls `listener` whenever `topic` changes. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

/** Tells those who listen to `topic`. */
export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The person one is, with their chat. */
export const me = () => state.people.get(state.current);

/** A place for a person, made when it is not there. */
export function place(person) {
  const known = state.people.get(person.telegram_id);
  if (known) {
    known.person = person;
    known.standing = person.standing ?? known.standing;
    return known;
  }
  const made = {
    person,
    standing: person.standing ?? "stranger",
    messages: new Map(),
    unread: 0,
    replyKeyboard: null,
    loaded: false,
    waitingKeys: new Map(),
    action: null,
  };
  state.people.set(person.telegram_id, made);
  return made;
}
