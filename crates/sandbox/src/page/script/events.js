// The stream of everything that happens, and what it changes.
import { $ } from "./dom.js";
import { alertDialog, linkDialog, toast } from "./dialogs.js";
import { stopWaiting } from "./bubble.js";
import { loadProfile } from "./composer.js";
import { endAction, showAction } from "./header.js";
import { loadChat, loadPeople } from "./people.js";
import { get } from "./api.js";
import { me, state, tell } from "./state.js";

const MOST_CALLS = 300;
const MOST_LINES = 400;

/** Everything anew: at the start, and when something was missed. */
export async function loadAll() {
  await loadPeople();
  for (const chat of state.people.values()) chat.loaded = false;
  const [{ calls }, system] = await Promise.all([get("/journal"), get("/system")]);
  state.calls = calls.slice(-MOST_CALLS);
  take.system(system);
  if (state.process) state.log = await get("/bot/log");
  if (state.current) await loadChat(state.current);
  // The others' chats, for the list; a sandbox with thousands of people shows them as they write.
  const others = [...state.people.values()].filter((chat) => !chat.loaded).slice(0, 30);
  await Promise.all(others.map((chat) => loadChat(chat.person.telegram_id)));
  for (const topic of ["people", "messages", "calls", "log", "system", "process"]) tell(topic);
}

const take = {
  chat(event) {
    const chat = state.people.get(event.chat_id);
    if (event.type === "profile_changed") loadProfile();
    else if (event.type === "person_added") loadPeople();
    else if (chat) happen[event.type]?.(chat, event);
  },
  call(call) {
    state.calls.push(call);
    if (state.calls.length > MOST_CALLS) state.calls.shift();
    tell("calls", call);
  },
  bot(process) {
    state.process = process;
    tell("process");
  },
  log(line) {
    state.log.push(line);
    if (state.log.length > MOST_LINES) state.log.shift();
    tell("log", line);
  },
  system(system) {
    state.system = system;
    state.process = system.bot;
    tell("system");
    tell("process");
  },
  faults(faults) {
    state.faults = faults;
    tell("faults");
  },
  resync() {
    loadAll();
  },
};

const happen = {
  message(chat, { message }) {
    chat.messages.set(message.message_id, message);
    if (message.from === "bot") {
      endAction(chat);
      if (chat !== me() || document.body.dataset.screen !== "chat") chat.unread += 1;
    }
    if (message.from === "person" && chat.standing === "stranger") chat.standing = "member";
    tell("messages");
  },
  edited(chat, { message }) {
    chat.messages.set(message.message_id, message);
    tell("messages");
  },
  deleted(chat, { message_id: id }) {
    const message = chat.messages.get(id);
    if (message) message.deleted = true;
    tell("messages");
  },
  callback_answered(chat, event) {
    chat.answered ??= new Set();
    chat.answered.add(event.callback_query_id);
    stopWaiting(chat, event.callback_query_id);
    if (chat !== me()) return;
    if (event.url) linkDialog(event.url);
    if (event.text && event.show_alert) alertDialog(event.text, state.profile.name);
    else if (event.text) toast(event.text);
  },
  chat_action(chat, { action }) {
    showAction(chat, action);
  },
  reply_keyboard(chat, { keyboard }) {
    chat.replyKeyboard = keyboard;
    chat.keyboardHidden = false;
    tell("messages");
  },
  payment_refused(chat, { reason }) {
    if (chat === me()) alertDialog(reason, "Payment");
  },
  standing(chat, { blocked }) {
    chat.standing = blocked ? "blocked" : "member";
    tell("standing");
  },
};

/** Listens for good; a connection that breaks is taken up again, with everything anew. */
export function listen() {
  const source = new EventSource("/sandbox/events");
  let wasBroken = false;
  source.addEventListener("open", () => {
    $("connection").textContent = "";
    if (wasBroken) loadAll();
    wasBroken = false;
  });
  source.addEventListener("error", () => {
    wasBroken = true;
    $("connection").textContent = "not connected";
  });
  for (const [name, handler] of Object.entries(take)) {
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
}
