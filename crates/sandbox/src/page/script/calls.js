// The journal: what was asked of each server, and what it answered.
import { h } from "./dom.js";
import { empty } from "./empty.js";
import { on, state } from "./state.js";
import { second } from "./time.js";

const SERVICES = { telegram: ["T", "Telegram"], google: ["G", "Google"], fal: ["F", "FAL"], openai: ["O", "OpenAI"] };
const SHOWN = 120;
let wanted = null;

function row(call, isFresh) {
  const [letter, name] = SERVICES[call.service];
  const tone = call.fault ? "warn" : call.status === null ? "bad" : call.status < 300 ? "good" : call.status < 500 ? "warn" : "bad";
  const path = shortened(call);
  return h("div", { class: isFresh ? "call fresh" : "call", title: `${call.method} ${call.path}` },
    h("span", { class: "call-service", "data-service": call.service, title: name }, letter),
    h("span", { class: "call-what" }, call.summary || path),
    h("span", { class: "chip", "data-tone": tone }, call.status === null ? "none" : String(call.status)),
    h("span", { class: "call-more" }, [second(call.at_ms), `${call.duration_ms} ms`, call.fault && `fault: ${call.fault}`, call.summary && call.service !== "telegram" && path].filter(Boolean).join(" · ")));
}

/** The path without the token, which says nothing. */
function shortened(call) {
  return `${call.method} ${call.path.replace(/\/bot[^/]+\//, "/").replace(/^https?:\/\/[^/]+/, "")}`;
}

export function callsPane(pane) {
  const list = h("div", { class: "lines" });
  const filters = h("div", { class: "filters", role: "group", "aria-label": "Services" });
  const isWanted = (call) => wanted === null || call.service === wanted;
  const draw = () => {
    filters.replaceChildren(...[[null, "All"], ...Object.entries(SERVICES).map(([id, [, name]]) => [id, name])].map(([id, name]) =>
      h("button", {
        type: "button",
        class: "filter",
        "aria-pressed": String(wanted === id),
        onclick: () => {
          wanted = id;
          draw();
        },
      }, name)));
    const calls = state.calls.filter(isWanted).slice(-SHOWN).reverse();
    list.replaceChildren(...calls.map((call) => row(call, false)));
    pane.replaceChildren(filters, calls.length > 0 ? list : empty("calls", "No call yet. They appear as they happen."));
  };
  on("calls", (call) => {
    if (!call || !list.isConnected) draw();
    else if (isWanted(call)) {
      list.prepend(row(call, true));
      if (list.children.length > SHOWN) list.lastElementChild.remove();
    }
  });
  draw();
}
