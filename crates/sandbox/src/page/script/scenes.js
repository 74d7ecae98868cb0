// Behind the scenes: the bot's process, and tabs with what the system does.
import { $, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./dialogs.js";
import { post } from "./api.js";
import { on, state } from "./state.js";
import { span } from "./time.js";
import { callsPane } from "./calls.js";
import { faultsPane, faultsCount } from "./faults.js";
import { logPane } from "./log.js";
import { moneyPane } from "./money.js";
import { workPane, workCount } from "./work.js";

const TABS = [
  { id: "money", label: "Money", pane: moneyPane },
  { id: "work", label: "Work", pane: workPane, count: workCount },
  { id: "calls", label: "Calls", pane: callsPane },
  { id: "faults", label: "Faults", pane: faultsPane, count: faultsCount },
  { id: "log", label: "Log", pane: logPane },
];
let current = "money";

function choose(id, isFocused) {
  current = id;
  drawTabs();
  for (const pane of $("panes").children) pane.hidden = pane.id !== `pane-${id}`;
  if (isFocused) $(`tab-${id}`).focus();
  $(`pane-${id}`).dispatchEvent(new Event("shown"));
}

function drawTabs() {
  for (const { id, label, count } of TABS) {
    const tab = $(`tab-${id}`);
    const isCurrent = id === current;
    tab.setAttribute("aria-selected", String(isCurrent));
    tab.tabIndex = isCurrent ? 0 : -1;
    const number = count?.() ?? 0;
    tab.replaceChildren(label, ...(number > 0 ? [h("span", { class: id === "faults" ? "count hot" : "count" }, String(number))] : []));
  }
}

function onTabKey(event) {
  const index = TABS.findIndex(({ id }) => id === current);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) choose(TABS[(index + step + TABS.length) % TABS.length].id, true);
}

// The bot's process

const NAMES = { running: "Bot is running", frozen: "Bot is frozen", stopped: "Bot is not running" };

function drawBot() {
  const card = $("bot-card");
  const bot = state.process;
  if (!bot) {
    card.replaceChildren(h("p", { class: "bot-last" }, "This sandbox runs without a bot of its own: whoever speaks to its Telegram is the bot."));
    return;
  }
  const act = (name, iconName, label, kind, title) => h("button", {
    type: "button",
    class: `button button-small ${kind}`,
    title,
    onclick: (event) => {
      event.currentTarget.disabled = true;
      attempt(() => post(`/bot/${name}`)).finally(drawBot);
    },
  }, icon(iconName), label);
  const actions = {
    running: [
      act("kill", "bolt", "Kill", "button-danger", "kill -9: in the middle of whatever it does"),
      act("stop", "power", "Stop", "", "SIGTERM: it finishes what it can"),
      act("freeze", "snow", "Freeze", "", "SIGSTOP: it keeps everything and does nothing"),
    ],
    frozen: [
      act("kill", "bolt", "Kill", "button-danger", "kill -9"),
      act("continue", "play", "Go on", "button-main", "SIGCONT"),
    ],
    stopped: [act("start", "play", "Start the bot", "button-main", "Start it again over the same data")],
  }[bot.state];
  card.replaceChildren(
    h("div", { class: "bot-state" },
      h("i", { class: "light", "data-state": bot.state, "aria-hidden": "true" }),
      h("b", {}, NAMES[bot.state]),
      h("span", { id: "bot-uptime" }, uptime(bot))),
    ...(bot.state === "stopped" && bot.last_exit ? [h("p", { class: "bot-last" }, lastExit(bot.last_exit))] : []),
    h("div", { class: "bot-actions" }, actions));
}

function uptime(bot) {
  if (!bot.pid) return "";
  return `up ${span(Math.max(0, Math.round((Date.now() - bot.started_at_ms) / 1000)))} · pid ${bot.pid}`;
}

function lastExit({ code, signal, asked_for: asked, at_ms: at }) {
  const how = signal === 9 ? "was killed" : signal ? `ended by signal ${signal}` : code === 0 ? "stopped" : `ended with exit code ${code}`;
  const ago = Math.max(0, Math.round((Date.now() - at) / 1000));
  return `It ${how} ${span(ago)} ago${asked ? "" : ", by itself"}.`;
}

export function startScenes() {
  $("tabs").replaceChildren(...TABS.map(({ id }) => h("button", {
    type: "button",
    id: `tab-${id}`,
    class: "tab",
    role: "tab",
    "aria-controls": `pane-${id}`,
    onclick: () => choose(id, false),
    onkeydown: onTabKey,
  })));
  $("panes").replaceChildren(...TABS.map(({ id, pane }) => {
    const element = h("div", { id: `pane-${id}`, class: "pane", role: "tabpanel", tabIndex: 0, "aria-labelledby": `tab-${id}` });
    pane(element);
    return element;
  }));
  for (const topic of ["system", "faults", "calls"]) on(topic, drawTabs);
  on("process", drawBot);
  drawBot();
  setInterval(() => {
    if (state.process?.pid && $("bot-uptime")) $("bot-uptime").textContent = uptime(state.process);
  }, 1000);
  const wanted = new URLSearchParams(location.search).get("tab");
  choose(TABS.some(({ id }) => id === wanted) ? wanted : "money", false);
}
