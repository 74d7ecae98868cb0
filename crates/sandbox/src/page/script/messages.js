// The list of messages: grouped, dated, changed in place.
import { $, botAvatar, h } from "./dom.js";
import { icon } from "./icons.js";
import { bubble } from "./bubble.js";
import { on, me, state } from "./state.js";
import { dayKey, dayName } from "./time.js";

const GROUP_SECONDS = 5 * 60;
const NEAR_THE_END = 140;

/** Key → { signature, element } of what is shown. */
let shown = new Map();
let shownPerson = null;
let unreadBelow = 0;
/** Whether the end of the chat stays in sight: until the person scrolls up. */
let isFollowing = true;
let lastTop = 0;

/** Messages in order, those of an album together. */
function units(chat) {
  const result = [];
  for (const message of chat.messages.values()) {
    if (message.deleted) continue;
    const last = result.at(-1);
    if (message.media_group_id && last?.group === message.media_group_id) last.messages.push(message);
    else result.push({ group: message.media_group_id, messages: [message] });
  }
  return result;
}

/** Units with what their neighbours do to them. */
function rows(chat) {
  const all = units(chat);
  return all.map((unit, index) => {
    const first = unit.messages[0];
    const before = all[index - 1]?.messages[0];
    const after = all[index + 1]?.messages[0];
    const together = (one, other) =>
      one && other && one.from === other.from && Math.abs(one.date - other.date) < GROUP_SECONDS
      && dayKey(one.date) === dayKey(other.date) && !isNote(one) && !isNote(other);
    return {
      key: `m${first.message_id}`,
      messages: unit.messages,
      joined: together(before, first),
      tailed: !together(first, after),
      newDay: !before || dayKey(before.date) !== dayKey(first.date) ? first.date : null,
    };
  });
}

const isNote = (message) => message.kind === "successful_payment" || message.kind === "refunded_payment";

function signature(row) {
  return JSON.stringify([
    row.joined,
    row.tailed,
    row.messages.map((message) => [message.message_id, message.edits, message.media?.file_id]),
    row.messages.map((message) => message.reply_to_message_id),
  ]);
}

function draw() {
  const chat = me();
  const list = $("messages");
  const scroller = $("scroller");
  if (!chat) return;
  const isOther = shownPerson !== state.current;
  const wasNearEnd = isOther || isFollowing;
  const before = isOther ? new Map() : shown;
  const next = new Map();
  const elements = [];
  const all = rows(chat);
  for (const row of all) {
    if (row.newDay !== null) elements.push(keep(before, next, `d${dayKey(row.newDay)}`, "", () => h("li", { class: "day" }, dayName(row.newDay))));
    elements.push(keep(before, next, row.key, signature(row), (old) => draft(chat, row, old, before.size > 0)));
  }
  if (all.length === 0) elements.push(keep(before, next, "welcome", JSON.stringify(state.profile), welcome));
  const added = all.filter((row) => !before.has(row.key));
  reconcile(list, elements, before, next);
  shown = next;
  shownPerson = state.current;
  const mine = added.some((row) => row.messages[0].from === "person");
  if (isOther) {
    isFollowing = true;
    scroller.scrollTop = scroller.scrollHeight;
    unreadBelow = 0;
  } else if (wasNearEnd || mine) {
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: "smooth" });
  } else {
    unreadBelow += added.length;
  }
  drawJump();
}

function keep(before, next, key, signed, make) {
  const old = before.get(key);
  const element = old?.signature === signed ? old.element : make(old?.element);
  next.set(key, { signature: signed, element });
  return element;
}

function draft(chat, row, old, isLive) {
  const element = bubble(chat, row);
  if (old) element.classList.add("changed");
  else if (isLive) element.classList.add("fresh");
  return element;
}

/** Puts the elements in place; one that is gone leaves visibly. */
function reconcile(list, elements, before, next) {
  for (const [key, { element }] of before) {
    if (next.has(key)) {
      if (next.get(key).element !== element) element.remove();
    } else if (key.startsWith("m") && element.isConnected) {
      element.classList.add("leaving");
      setTimeout(() => element.remove(), 250);
    } else element.remove();
  }
  for (const child of [...list.children]) {
    if (!elements.includes(child) && !child.classList.contains("leaving")) child.remove();
  }
  let at = list.firstElementChild;
  for (const element of elements) {
    while (at?.classList.contains("leaving")) at = at.nextElementSibling;
    if (at === element) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
}

function welcome() {
  const { name, description } = state.profile;
  return h("li", { class: "welcome" },
    botAvatar(),
    h("h3", {}, name),
    h("p", {}, description || "Describe a picture, and I make it."));
}

function drawJump() {
  const scroller = $("scroller");
  const away = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > NEAR_THE_END;
  if (!away) unreadBelow = 0;
  $("jump").hidden = !away;
  $("jump").replaceChildren(icon("down"), ...(unreadBelow > 0 ? [h("span", { class: "badge" }, String(unreadBelow))] : []));
}

/** A smooth way to the end is no leaving of it; scrolling up is. */
function follow() {
  const scroller = $("scroller");
  const { scrollTop } = scroller;
  if (scroller.scrollHeight - scrollTop - scroller.clientHeight < NEAR_THE_END) isFollowing = true;
  else if (scrollTop < lastTop) isFollowing = false;
  lastTop = scrollTop;
  drawJump();
}

export function startMessages() {
  const scroller = $("scroller");
  scroller.addEventListener("scroll", follow, { passive: true });
  $("jump").addEventListener("click", () => scroller.scrollTo({ top: scroller.scrollHeight, behavior: "smooth" }));
  // Whatever changes the height of the chat, its end stays in sight when it was.
  let height = scroller.clientHeight;
  new ResizeObserver(() => {
    const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - height < NEAR_THE_END;
    height = scroller.clientHeight;
    if (wasAtEnd) scroller.scrollTop = scroller.scrollHeight;
    drawJump();
  }).observe(scroller);
  on("person", draw);
  on("messages", draw);
  on("profile", draw);
}
