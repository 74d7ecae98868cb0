// Where the person writes: words, commands, files, voice.
import { $, h, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { attachFiles, startDropping } from "./attach.js";
import { attempt, openMenu, toast } from "./dialogs.js";
import { get, post } from "./api.js";
import { me, on, state, tell } from "./state.js";
import { openSamples } from "./samples.js";
import { openSpeech } from "./speech.js";
import { record } from "./voice.js";

/** What each person had begun to write. */
const drafts = new Map();
let recording = null;
let selected = 0;
let isMenuOpen = false;
let mode = null;

const field = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", enterKeyHint: "send", maxLength: 20000 });
const menuButton = h("button", { type: "button", class: "menu-button", "aria-label": "Commands of the bot", "aria-haspopup": "listbox" }, icon("menu"), "Menu");
const attachButton = iconButton("clip", "Attach", { "aria-haspopup": "menu" });
const keyboardButton = iconButton("keyboard", "The bot's keyboard");
const sendButton = h("button", { type: "button", class: "icon-button send-button" });
const fileInput = h("input", { type: "file", multiple: true, hidden: true });

async function sendText(text) {
  await attempt(() => post(`/people/${state.current}/text`, { text }));
}

async function send() {
  const text = field.value.trim();
  if (text === "") return;
  field.value = "";
  drafts.delete(state.current);
  changed();
  await sendText(text);
  field.focus();
}

// Commands

function matches() {
  const typed = /^\/(\w*)$/.exec(field.value);
  if (isMenuOpen) return state.profile.commands;
  return typed ? state.profile.commands.filter(({ command }) => command.startsWith(typed[1])) : [];
}

function drawCommands() {
  $("composer").querySelector(".commands")?.remove();
  const list = matches();
  menuButton.setAttribute("aria-expanded", String(list.length > 0));
  if (list.length === 0) return;
  selected = Math.min(selected, list.length - 1);
  $("composer").prepend(h("div", { class: "commands" }, h("ul", { role: "listbox", "aria-label": "Commands" },
    list.map(({ command, description }, index) => h("li", {},
      h("button", {
        type: "button",
        role: "option",
        "aria-selected": String(index === selected),
        onclick: () => choose(command),
      }, h("b", {}, `/${command}`), h("span", {}, description)))))));
}

function choose(command) {
  isMenuOpen = false;
  field.value = "";
  changed();
  sendText(`/${command}`);
}

function changed() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
  if (field.value) drafts.set(state.current, field.value);
  else drafts.delete(state.current);
  drawSendButton();
  drawCommands();
}

function drawSendButton() {
  const name = field.value.trim() ? "send" : recording ? "stop" : "microphone";
  const label = { send: "Send", stop: "End the recording", microphone: "Record a voice message" }[name];
  sendButton.replaceChildren(icon(name));
  sendButton.setAttribute("aria-label", label);
  sendButton.title = label;
  sendButton.classList.toggle("recording", name === "stop");
}

async function onSendButton() {
  if (field.value.trim()) {
    await send();
  } else if (recording) {
    recording.stop();
    recording = null;
    drawSendButton();
  } else {
    try {
      recording = await record((blob, seconds) => openSpeech({ blob, seconds }));
      toast("Recording … press again when you are done");
    } catch {
      // Without a microphone the words are written.
      openSpeech();
    }
    drawSendButton();
  }
}

function onKey(event) {
  const list = matches();
  if (list.length > 0 && ["ArrowDown", "ArrowUp", "Tab", "Escape"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "Escape") {
      isMenuOpen = false;
      field.value = field.value.startsWith("/") ? "" : field.value;
      changed();
      return;
    }
    if (event.key === "Tab") {
      field.value = `/${list[selected].command} `;
      isMenuOpen = false;
      changed();
      return;
    }
    selected = (selected + (event.key === "ArrowDown" ? 1 : -1) + list.length) % list.length;
    drawCommands();
    return;
  }
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (list.length > 0 && field.value !== `/${list[selected].command}`) choose(list[selected].command);
  else send();
}

// Files

function attach(accept) {
  fileInput.accept = accept;
  fileInput.value = "";
  fileInput.onchange = () => attachFiles([...fileInput.files], accept === "" ? "documents" : "photos");
  fileInput.click();
}

function onAttach() {
  openMenu(attachButton, [
    { icon: "photo", label: "Photo or album", action: () => attach("image/*") },
    { icon: "file", label: "File", action: () => attach("") },
    { icon: "microphone", label: "Voice message", action: () => openSpeech() },
    { icon: "person", label: "Sample photos", action: openSamples },
  ]);
}

// The bot's own keyboard

function replyKeys(keyboard) {
  return h("div", { class: "reply-keys" }, keyboard.keyboard.map((row) =>
    h("div", { class: "keys-row" }, row.map((button) => {
      const text = typeof button === "string" ? button : button.text;
      return h("button", { type: "button", class: "reply-key", onclick: () => sendText(text) }, text);
    }))));
}

// What stands at the bottom

function draw() {
  const chat = me();
  if (!chat) return;
  const isEmpty = ![...chat.messages.values()].some((message) => !message.deleted);
  const next = chat.standing === "blocked" ? "blocked" : isEmpty ? "start" : "write";
  const keyboard = next === "write" ? chat.replyKeyboard : null;
  const signed = `${state.current}:${next}:${JSON.stringify(keyboard)}:${chat.keyboardHidden}`;
  if (signed === mode) return;
  mode = signed;
  isMenuOpen = false;
  const composer = $("composer");
  if (next === "blocked") {
    composer.replaceChildren(bigButton("Unblock", () => post(`/people/${state.current}/unblock`)));
  } else if (next === "start") {
    composer.replaceChildren(bigButton("Start", () => post(`/people/${state.current}/text`, { text: "/start" })));
  } else {
    const focused = document.activeElement === field;
    composer.replaceChildren(
      h("div", { class: "composer-row" }, menuButton, attachButton, field, keyboard && keyboardButton, sendButton, fileInput),
      ...(keyboard && !chat.keyboardHidden ? [replyKeys(keyboard)] : []));
    field.placeholder = keyboard?.input_field_placeholder ?? "Message";
    field.value = drafts.get(state.current) ?? "";
    changed();
    if (focused || matchMedia("(pointer: fine)").matches) field.focus();
  }
}

function bigButton(label, action) {
  return h("button", { type: "button", class: "composer-big", onclick: () => attempt(action) }, label);
}

/** The commands and descriptions for the person's language. */
export async function loadProfile() {
  const language = me()?.person.language_code ?? "";
  state.profile = await get(`/telegram/bot?language=${encodeURIComponent(language)}`);
  tell("profile");
}

export function startComposer() {
  field.addEventListener("input", () => {
    selected = 0;
    isMenuOpen = false;
    changed();
  });
  field.addEventListener("keydown", onKey);
  sendButton.addEventListener("click", onSendButton);
  attachButton.addEventListener("click", onAttach);
  menuButton.addEventListener("click", () => {
    isMenuOpen = !isMenuOpen;
    selected = 0;
    drawCommands();
    field.focus();
    if (isMenuOpen && state.profile.commands.length === 0) toast("The bot has told no commands yet");
  });
  keyboardButton.addEventListener("click", () => {
    me().keyboardHidden = !me().keyboardHidden;
    draw();
  });
  document.addEventListener("pointerdown", (event) => {
    if (isMenuOpen && !$("composer").contains(event.target)) {
      isMenuOpen = false;
      drawCommands();
    }
  });
  startDropping();
  on("person", draw);
  on("messages", draw);
  on("standing", draw);
  on("profile", () => {
    $("bot-name").textContent = state.profile.name;
    drawCommands();
  });
}
