// A voice message before it leaves: heard once more, with the words that its transcription will give.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, openDialog, toast } from "./dialogs.js";
import { post } from "./api.js";
import { state } from "./state.js";
import { duration, size } from "./time.js";

const SECONDS_UNKNOWN = 3;

/** Asks what is said, and sends. `recording` is `{ blob, seconds }`; without one a file can be chosen, or none. */
export function openSpeech(recording = null) {
  const person = state.current;
  let sound = recording;
  const url = recording && URL.createObjectURL(recording.blob);
  const words = h("textarea", {
    name: "words",
    rows: 3,
    maxLength: 1000,
    placeholder: "a red fox in the snow",
    "aria-label": "What is said",
    autofocus: true,
  });
  const input = h("input", { type: "file", accept: "audio/*,video/webm,.ogg,.oga", hidden: true });
  const chosen = h("span", { class: "speech-file" }, "No sound: the sandbox makes a recording of the words");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    sound = { blob: file, seconds: await lengthOf(file) };
    chosen.textContent = `${file.name} · ${size(file.size)} · ${duration(sound.seconds)}`;
  });
  const form = h("form", { method: "dialog" },
    h("h3", {}, "Voice message"),
    recording
      ? h("audio", { controls: true, src: url, class: "speech-player" })
      : h("div", { class: "speech-choice" },
        h("button", { type: "button", class: "button", onclick: () => input.click() }, icon("file"), "Choose a sound file"),
        chosen,
        input),
    h("label", { class: "field" }, recording ? "What you said (the sandbox has no ears)" : "What is said", words),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { class: "button button-main" }, "Send")));
  form.addEventListener("submit", () => {
    const said = words.value.trim();
    if (!sound && !said) toast("Nothing was said", "error");
    else attempt(() => sendVoice(person, sound, said));
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const dialog = h("dialog", { "aria-label": "Voice message" }, form);
  dialog.addEventListener("close", () => url && URL.revokeObjectURL(url));
  openDialog(dialog);
  words.focus();
}

async function sendVoice(person, sound, said) {
  const form = new FormData();
  if (said) form.append("words", said);
  if (sound) {
    form.append("seconds", String(sound.seconds));
    form.append("file", sound.blob, sound.blob.name ?? "voice.ogg");
  }
  await post(`/people/${person}/voice`, form);
}

/** Whole seconds that a sound file plays. */
function lengthOf(file) {
  return new Promise((resolve) => {
    const audio = new Audio();
    const url = URL.createObjectURL(file);
    const done = (seconds) => {
      URL.revokeObjectURL(url);
      resolve(Number.isFinite(seconds) ? Math.max(1, Math.round(seconds)) : SECONDS_UNKNOWN);
    };
    audio.addEventListener("loadedmetadata", () => done(audio.duration));
    audio.addEventListener("error", () => done(NaN));
    audio.src = url;
  });
}
