// Switches that make the servers misbehave.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./dialogs.js";
import { post, put, remove } from "./api.js";
import { on, state } from "./state.js";

const status = (code, more = {}) => ({ kind: "status", code, ...more });
const COMMON = [
  ["Slow", "Every answer takes 5 seconds longer", { kind: "delay", ms: 5000 }],
  ["Too many requests", "429, and 3 seconds to wait", status(429, { retry_after_seconds: 3 })],
  ["Server error", "500", status(500)],
  ["Hangs up", "Takes the call and closes the connection", { kind: "drop_connection" }],
  ["Hangs up after the work", "Does it, then closes without an answer", { kind: "drop_after_effect" }],
  ["Holds", "Keeps every call until it is let go", { kind: "hold" }],
  ["Nonsense", "A page of HTML where JSON is expected", { kind: "garbage" }],
  ["Wrong key", "As if the key were bad", { kind: "bad_key" }],
];
// Names in the order of the alphabet, in which the sandbox tells them: that is how a rule is known again.
const QUOTA = status(429, {
  body: { error: { code: "insufficient_quota", message: "You exceeded your current quota, please check your plan and billing details.", param: null, type: "insufficient_quota" } },
  headers: { "x-should-retry": "false" },
});
const ROUTE = [...COMMON.filter(([, , { kind }]) => kind !== "bad_key"), ["No budget", "429, insufficient_quota", QUOTA]];
const PICTURES = [
  ["Refuses the prompt", "The safety filter says no", { kind: "refusal" }],
  ["Fewer pictures", "At most two arrive", { kind: "fewer_images", images: 2 }],
  ["No picture", "The answer is empty", { kind: "no_images" }],
  ["Not a picture", "Bytes that only claim to be one", { kind: "not_an_image" }],
  ["Huge picture", "40 megapixels", { kind: "huge_image" }],
];
const GROUPS = [
  {
    service: "telegram",
    name: "Telegram",
    faults: [
      ["Too many requests", "429, and 3 seconds to wait", status(429, { retry_after_seconds: 3 })],
      ["Bad gateway", "502", status(502)],
      ["Slow", "Every answer takes 5 seconds longer", { kind: "delay", ms: 5000 }],
      ["Hangs up", "Takes the call and closes the connection", { kind: "drop_connection" }],
      ["Hangs up after the work", "Sends the message, then closes without an answer", { kind: "drop_after_effect" }],
    ],
  },
  { service: "google", name: "Google", faults: [...COMMON, ["Model switched off", "404", { kind: "retired_model" }], ...PICTURES] },
  {
    service: "fal",
    name: "FAL",
    faults: [
      ...COMMON,
      ...PICTURES,
      ["No webhook", "It never comes; polling must do", { kind: "no_webhook" }],
      ["Webhook twice", "Both at the same time", { kind: "double_webhook" }],
      ["Late webhook", "30 seconds after the end", { kind: "late_webhook", ms: 30000 }],
      ["Forged webhook", "Another key's signature, another result", { kind: "forged_webhook" }],
      ["Webhook too early", "Before the request is answered", { kind: "webhook_before_answer" }],
    ],
  },
  { service: "openai", name: "OpenAI", faults: [...COMMON, ["No budget", "429, insufficient_quota: no waiting helps", QUOTA]] },
  {
    service: "openai",
    name: "OpenAI · chat and vision",
    operation: "/chat/completions|/responses",
    faults: [
      ...ROUTE,
      ["Refuses", "Says that it can't help with that", { kind: "refusal" }],
      ["Broken answer", "Words where JSON was asked for", { kind: "broken_answer" }],
      ["Cut short", "The answer ends half way", { kind: "cut_short" }],
    ],
  },
  {
    service: "openai",
    name: "OpenAI · speech",
    operation: "/audio/transcriptions",
    faults: [...ROUTE, ["Hears nothing", "The transcript is empty", { kind: "refusal" }]],
  },
  {
    service: "openai",
    name: "OpenAI · moderation",
    operation: "/moderations",
    faults: [...ROUTE, ["Flags everything", "As sexual", { kind: "refusal" }]],
  },
];
const keyOf = ({ service, operation }) => (operation ? `${service} ${operation}` : service);

const equal = (one, other) =>
  (typeof one === "object" && one !== null ? JSON.stringify(one) === JSON.stringify(other) : one === other);
const sameFault = (rule, { service, operation = null }, fault) =>
  rule.service === service && rule.operation === operation && Object.keys(rule.fault).length === Object.keys(fault).length
  && Object.entries(fault).every(([key, value]) => equal(rule.fault[key], value));

function ruleOf(group, fault) {
  return state.faults.rules.find((rule) => rule.times === "always" && sameFault(rule, group, fault));
}

/** How many rules and disturbances are in force. */
export function faultsCount() {
  const { rules, delivery, limits } = state.faults;
  return rules.length + Number(delivery.twice) + Number(delivery.shuffled) + Number(Boolean(limits));
}

function toggle(label, isOn, action) {
  return h("button", {
    type: "button",
    class: "switch",
    role: "switch",
    "aria-checked": String(isOn),
    "aria-label": label,
    onclick: () => attempt(action),
  });
}

function faultRow(group, [label, description, fault]) {
  const { service, operation = null } = group;
  const rule = ruleOf(group, fault);
  const waiting = state.faults.rules.filter((other) => other.times === "once" && sameFault(other, group, fault)).length;
  const add = (times) => post("/faults", { service, operation, fault, times });
  return h("div", { class: "fault" },
    h("div", {}, h("b", {}, label),
      h("span", { class: "soft" }, rule?.fired > 0 ? `${description} · ${rule.fired} so far` : description)),
    h("button", {
      type: "button",
      class: "button button-small",
      title: "For the next call only",
      "aria-label": `${label}: for the next call only`,
      onclick: () => attempt(() => add("once")),
    }, waiting > 0 ? `Once · ${waiting}` : "Once"),
    toggle(label, Boolean(rule), () => (rule ? remove(`/faults/${rule.id}`) : add("always"))));
}

function plainRow(label, description, isOn, action) {
  return h("div", { class: "fault" },
    h("div", {}, h("b", {}, label), h("span", { class: "soft" }, description)),
    h("span"),
    toggle(label, isOn, action));
}

function telegramRows() {
  const { delivery, limits } = state.faults;
  return [
    plainRow("Updates arrive twice", "Every one of them", delivery.twice, () => put("/telegram/delivery", { ...delivery, twice: !delivery.twice })),
    plainRow("Updates out of order", "As the network pleases", delivery.shuffled, () => put("/telegram/delivery", { ...delivery, shuffled: !delivery.shuffled })),
    plainRow("Flood control", "30 messages a second, one a second for a chat", Boolean(limits), () => put("/telegram/limits", limits ? null : { per_second: 30, chat_burst: 3 })),
  ];
}

function section(group, isOpen) {
  const { service, name, faults, operation = null } = group;
  const active = state.faults.rules.filter((rule) => rule.service === service && rule.operation === operation).length;
  return h("details", { class: "fault-group", "data-service": keyOf(group), open: isOpen },
    h("summary", {},
      h("span", { class: "call-service", "data-service": service, "aria-hidden": "true" }, name[0]),
      name,
      active > 0 && h("span", { class: "chip", "data-tone": "bad" }, `${active} on`)),
    service === "telegram" && telegramRows(),
    faults.map((fault) => faultRow(group, fault)));
}

function held() {
  const { length } = state.faults.held;
  return h("div", { class: "held", role: "status" },
    h("p", {}, length === 1 ? "One call is held" : `${length} calls are held`),
    h("button", { type: "button", class: "button button-small", onclick: () => attempt(() => post("/faults/release")) }, "Let go"));
}

async function clearAll() {
  await remove("/faults");
  await post("/faults/release");
  await put("/telegram/delivery", { twice: false, shuffled: false });
  await put("/telegram/limits", null);
}

export function faultsPane(pane) {
  const draw = () => {
    const open = new Set([...pane.querySelectorAll("details[open]")].map((element) => element.dataset.service));
    if (pane.children.length === 0) open.add("telegram");
    const focused = document.activeElement?.getAttribute("aria-label");
    const group_ = document.activeElement?.closest?.("details")?.dataset.service;
    pane.replaceChildren(
      ...(state.faults.held.length > 0 ? [held()] : []),
      ...GROUPS.map((one) => section(one, open.has(keyOf(one)))),
      h("button", { type: "button", class: "button", disabled: faultsCount() === 0 && state.faults.held.length === 0, onclick: () => attempt(clearAll) },
        icon("trash"), "All is well again"));
    if (focused && group_) pane.querySelector(`[data-service="${group_}"] [aria-label="${CSS.escape(focused)}"]`)?.focus();
  };
  on("faults", draw);
  draw();
}
