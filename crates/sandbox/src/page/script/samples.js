// Portraits for those who have no photos at hand: a dozen good ones, or one that has something wrong with it.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, openDialog, toast } from "./dialogs.js";
import { post } from "./api.js";
import { state } from "./state.js";

const DOZEN = 12;
const FLAWS = [
  ["dark", "Too dark"],
  ["blurred", "Blurred"],
  ["sunglasses", "Sunglasses"],
  ["covered", "Covered"],
  ["two_faces", "Two people"],
  ["no_face", "Nobody"],
  ["minor", "A child"],
  ["other_person", "Somebody else"],
  ["full_body", "Far away"],
  ["profile", "From the side"],
  ["backlit", "Backlit"],
  ["text_instruction", "With orders"],
];
/** How many portraits each person has sent: the next ones are others. */
const sent = new Map();

const address = (kind, variant, width = 120, height = 150) =>
  `/sandbox/pictures/${kind}/${variant}?width=${width}&height=${height}`;

function picture(kind, variant, alt) {
  return h("img", { src: address(kind, variant), alt, loading: "lazy", decoding: "async" });
}

async function sendDozen(first) {
  toast("A dozen portraits are on their way …");
  await post(`/people/${state.current}/sample-photos`, { count: DOZEN, first });
}

async function sendOne(kind, variant) {
  const response = await fetch(address(kind, variant, 960, 1200));
  const form = new FormData();
  form.append("file", await response.blob(), `${kind}.jpg`);
  await post(`/people/${state.current}/photo`, form);
}

/** Lets one choose what to send. */
export function openSamples() {
  const person = state.current;
  const first = sent.get(person) ?? 0;
  const dozen = h("button", {
    type: "button",
    class: "samples-dozen",
    autofocus: true,
    onclick: () => {
      sent.set(person, first + DOZEN);
      dialog.close();
      attempt(() => sendDozen(first));
    },
  },
    h("span", { class: "samples-strip", "aria-hidden": "true" }, [...Array(6).keys()].map((index) => picture("clear", first + index, ""))),
    h("span", { class: "samples-words" },
      h("b", {}, "Send a dozen portraits"),
      h("span", {}, "One person in twelve places: enough for an avatar")),
    icon("send"));
  const flaws = FLAWS.map(([kind, label]) => h("button", {
    type: "button",
    class: "sample",
    onclick: () => {
      dialog.close();
      attempt(() => sendOne(kind, first));
    },
  }, picture(kind, first, ""), h("span", {}, label)));
  const dialog = h("dialog", { class: "samples", "aria-label": "Sample photos" },
    h("h3", {}, "Sample photos"),
    dozen,
    h("p", { class: "samples-note" }, "Or a single one with something to say about it:"),
    h("div", { class: "samples-grid" }, flaws),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Close")));
  openDialog(dialog);
}
