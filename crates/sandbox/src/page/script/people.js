// The list of people to be.
import { $, avatar, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, openDialog } from "./dialogs.js";
import { get, post } from "./api.js";
import { on, place, state, tell } from "./state.js";
import { gist } from "./text.js";
import { listTime } from "./time.js";

export async function loadPeople() {
  for (const person of await get("/people")) place(person);
  tell("people");
}

/** Loads a chat that was not looked at yet, or anew. */
export async function loadChat(id) {
  const chat = state.people.get(id);
  const transcript = await get(`/people/${id}/transcript`);
  chat.messages = new Map(transcript.messages.map((message) => [message.message_id, message]));
  chat.standing = transcript.standing;
  chat.replyKeyboard = transcript.reply_keyboard;
  chat.loaded = true;
}

/** Becomes another person. */
export async function become(id) {
  state.current = id;
  try {
    localStorage.setItem("person", String(id));
  } catch {
    // A browser that keeps nothing still shows everything.
  }
  const chat = state.people.get(id);
  chat.unread = 0;
  if (!chat.loaded) await attempt(() => loadChat(id));
  document.body.dataset.screen = document.body.dataset.screen === "people" ? "chat" : document.body.dataset.screen;
  tell("person");
  tell("people");
}

function lastMessage(chat) {
  return [...chat.messages.values()].filter((message) => !message.deleted).at(-1);
}

function draw() {
  const focused = document.activeElement?.closest?.(".person")?.dataset.id;
  $("people").replaceChildren(...[...state.people.values()].map((chat) => h("li", {}, entry(chat))));
  if (focused) document.querySelector(`.person[data-id="${focused}"]`)?.focus();
}

function entry(chat) {
  const { person } = chat;
  const last = lastMessage(chat);
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  return h("button", {
    type: "button",
    class: "person",
    "data-id": String(person.telegram_id),
    "aria-current": String(person.telegram_id === state.current),
    title: name,
    onclick: () => become(person.telegram_id),
  },
    avatar(person),
    h("span", { class: "person-name" }, h("span", {}, name),
      person.language_code && h("span", { class: "person-language", title: "Language of their Telegram" }, person.language_code)),
    h("span", { class: "person-time" }, last ? listTime(last.date) : ""),
    h("span", { class: "person-below" },
      h("span", { class: "person-last" }, last ? gist(last) : "Has not written yet"),
      chat.unread > 0 && h("span", { class: "badge", "aria-label": `${chat.unread} unread` }, String(chat.unread))));
}

function addPersonDialog() {
  const text = (name, label, properties = {}) => h("label", { class: "field" }, label, h("input", { name, autocomplete: "off", ...properties }));
  const form = h("form", { method: "dialog" },
    h("h3", {}, "Somebody new"),
    text("first_name", "First name", { required: true, maxLength: 64, autofocus: true }),
    text("last_name", "Last name (optional)", { maxLength: 64 }),
    text("username", "Username (optional)", { pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", title: "5 to 32 letters, digits and _" }),
    h("label", { class: "field" }, "Language of their Telegram",
      h("select", { name: "language_code" },
        ["en English", "ru Русский", "de Deutsch", "es Español", "uk Українська"].map((entry) => {
          const [code, ...words] = entry.split(" ");
          return h("option", { value: code }, words.join(" "));
        }))),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { class: "button button-main" }, "Add")));
  form.addEventListener("submit", () => attempt(async () => {
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
    const person = await post("/people", fields);
    place(person);
    await become(person.telegram_id);
  }));
  const dialog = h("dialog", { "aria-label": "Add a person" }, form);
  openDialog(dialog);
}

export function startPeople() {
  $("add-person").append(icon("plus"));
  $("add-person").addEventListener("click", addPersonDialog);
  $("back-to-people").append(icon("back"));
  $("back-to-people").addEventListener("click", () => {
    document.body.dataset.screen = "people";
  });
  on("people", draw);
  on("messages", draw);
}

