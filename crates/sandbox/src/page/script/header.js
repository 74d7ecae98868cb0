// The chat's head: who the bot is, what it is doing, and what one can do about it.
import { $, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, openMenu } from "./dialogs.js";
import { post } from "./api.js";
import { me, on, state } from "./state.js";

const ACTIONS = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  upload_voice: "sending a voice message",
  record_voice: "recording a voice message",
};
/** Telegram shows an action for five seconds, or until the next message. */
const ACTION_MS = 5_000;
let fading = null;

function draw() {
  const status = $("bot-status");
  const action = me()?.action;
  if (state.process && state.process.state === "stopped") set(status, "not running", "down");
  else if (state.process && state.process.state === "frozen") set(status, "frozen", "down");
  else if (action) {
    set(status, ACTIONS[action] ?? "working", "active");
    status.append(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")));
  } else set(status, "bot", "");
}

function set(element, text, mood) {
  element.textContent = text;
  element.dataset.mood = mood;
}

/** The bot is about to do something. */
export function showAction(chat, action) {
  chat.action = action;
  clearTimeout(fading);
  fading = setTimeout(() => {
    chat.action = null;
    draw();
  }, ACTION_MS);
  draw();
}

/** It did it. */
export function endAction(chat) {
  chat.action = null;
  draw();
}

function onMenu() {
  const chat = me();
  const id = state.current;
  const blocked = chat.standing === "blocked";
  openMenu($("chat-menu"), [
    { icon: "gift", label: "Give 500 credits", action: () => giveCredits() },
    blocked
      ? { icon: "unlock", label: "Unblock the bot", action: () => attempt(() => post(`/people/${id}/unblock`)) }
      : { icon: "block", label: "Block the bot", danger: true, action: () => attempt(() => post(`/people/${id}/block`)) },
  ]);
}

/** Gives the person one is 500 credits. */
export function giveCredits() {
  return attempt(() => post(`/people/${state.current}/credits`, { amount: 500 }));
}

export function startHeader() {
  document.querySelector(".chat-head .avatar").append(icon("spark"));
  $("chat-menu").append(icon("more"));
  $("chat-menu").addEventListener("click", onMenu);
  on("person", draw);
  on("process", draw);
}
