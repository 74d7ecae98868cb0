// Generations and jobs.
import { h } from "./dom.js";
import { empty } from "./empty.js";
import { on, state } from "./state.js";
import { figure, second } from "./time.js";

const TONES = [
  [/deliver|stored|done|ready$/i, "good"],
  [/fail|buried|refus|cancel|expire/i, "bad"],
  [/submit|running|held|sending/i, "busy"],
];
const ENDED = /delivered|failed|cancelled|expired|done|completed|buried/i;

const tone = (word) => TONES.find(([pattern]) => pattern.test(word))?.[1] ?? "";
const chip = (word) => h("span", { class: "chip", "data-tone": tone(word) }, word);

function generation(line) {
  return h("div", { class: "line" },
    h("span", { class: "two", title: line.prompt }, line.prompt || "—"),
    h("span", {}, chip(line.state)),
    h("span", { class: "soft", title: line.id }, line.model),
    h("span", { class: "soft" }, `${figure(line.price)} credits`));
}

function job(line) {
  return h("div", { class: "line" },
    h("span", { title: line.id }, line.kind),
    h("span", {}, chip(line.state)),
    h("span", { class: "soft" }, line.attempt > 1 ? `try ${line.attempt}` : "first try"),
    h("span", { class: "soft" }, `${ENDED.test(line.state) ? "ended" : "due"} ${second(line.run_at)}`));
}

/** Generations under way. */
export const workCount = () => state.system.generations.filter(({ state: word }) => !ENDED.test(word)).length;

export function workPane(pane) {
  const draw = () => {
    const { generations, jobs } = state.system;
    pane.replaceChildren(
      h("h3", {}, "Generations"),
      generations.length > 0
        ? h("div", { class: "lines" }, generations.slice(0, 60).map(generation))
        : empty("photo", "Nobody has asked for a picture yet."),
      h("h3", {}, "Jobs"),
      jobs.length > 0
        ? h("div", { class: "lines" }, jobs.slice(0, 60).map(job))
        : empty("work", "No job waits."));
  };
  on("system", draw);
  draw();
}
