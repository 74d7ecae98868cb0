// The avatars of the person one is, at a glance.
import { $, h } from "./dom.js";
import { icon } from "./icons.js";
import { on, state } from "./state.js";

const TONES = [
  [/ready/i, "good"],
  [/fail|cancel|delet/i, "bad"],
  [/queue|train|submit|copy/i, "busy"],
];
const tone = (word) => TONES.find(([pattern]) => pattern.test(word))?.[1] ?? "";

function mine() {
  const avatars = state.system.avatars ?? [];
  return avatars.filter(({ telegram_id: id }) => id === null || id === undefined || id === state.current);
}

function card(avatar) {
  const { name, kind, status, percent, main, preview } = avatar;
  const isUnderWay = tone(status) === "busy" && Number.isFinite(percent);
  const face = preview
    ? h("img", { src: preview, alt: "" })
    : h("span", { class: "avatar-face" }, icon(kind === "style" ? "spark" : "person"));
  return h("li", { class: "avatar-card", title: `${name}: ${status}` },
    face,
    h("span", { class: "avatar-name" }, h("b", {}, name), main && h("span", { class: "avatar-main", title: "Main avatar" }, icon("star"))),
    h("span", { class: "chip", "data-tone": tone(status) }, isUnderWay ? `${Math.round(percent)} % · ${status}` : status),
    isUnderWay && h("progress", { max: 100, value: percent, "aria-label": `${name}: ${status}` }));
}

export function startAvatars() {
  let shown = null;
  const draw = () => {
    const avatars = mine();
    const signature = JSON.stringify(avatars);
    if (signature === shown) return;
    shown = signature;
    $("avatars").hidden = avatars.length === 0;
    $("avatars").replaceChildren(h("h3", {}, "Avatars"), h("ul", {}, avatars.map(card)));
  };
  on("system", draw);
  on("person", draw);
  draw();
}
