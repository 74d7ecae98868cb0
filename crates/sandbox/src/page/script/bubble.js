// One message, or one album, with everything in and under it.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { layOut } from "./album.js";
import { attempt, linkDialog } from "./dialogs.js";
import { post } from "./api.js";
import { me, state, tell } from "./state.js";
import { gist, MEDIA, words } from "./text.js";
import { hour, size } from "./time.js";
import { openViewer } from "./viewer.js";
import { voice } from "./voice.js";

const WIDEST = 430;
const HIGHEST = 460;
const WAITING_MS = 15_000;

/** The row of a message or album. */
export function bubble(chat, row) {
  const first = row.messages[0];
  if (first.kind === "successful_payment" || first.kind === "refunded_payment") return paymentNote(first);
  const spoken = row.messages.find((message) => message.text?.plain) ?? first;
  const hasWords = Boolean(spoken.text?.plain);
  const hasMedia = first.kind === "photo";
  const keys = row.messages.at(-1).keyboard;
  const classes = ["row"];
  if (first.from === "person") classes.push("out");
  if (row.joined) classes.push("joined");
  if (row.tailed) classes.push("tailed");
  if (hasMedia) classes.push("has-media");
  if (hasWords) classes.push("has-words");
  if (keys) classes.push("has-keys");
  const body = h("div", { class: "bubble" }, reply(chat, first), ...content(row.messages, spoken, hasWords));
  const bundle = h("div", { class: "bundle" }, body, keys && keyboard(row.messages.at(-1)));
  if (hasMedia) bundle.style.width = `${mediaWidth(row.messages)}px`;
  return h("li", { class: classes.join(" "), "data-message": String(first.message_id) }, bundle);
}

function content(messages, spoken, hasWords) {
  const [first] = messages;
  switch (first.kind) {
    case "photo": {
      const media = messages.length > 1 ? album(messages) : photoBox(first);
      if (!hasWords) media.append(stamp(spoken, "stamp stamp-over"));
      return [media, hasWords && wordsOf(spoken)];
    }
    case "document":
      return [
        ...messages.map(file),
        hasWords ? wordsOf(spoken) : h("div", { class: "after-file" }, stamp(first)),
      ];
    case "audio":
    case "video":
    case "video_note":
    case "animation":
    case "sticker":
      return [file(first), hasWords ? wordsOf(spoken) : h("div", { class: "after-file" }, stamp(first))];
    case "voice":
      return [voice(first), hasWords ? wordsOf(spoken) : h("div", { class: "after-file" }, stamp(first))];
    case "invoice":
      return [invoice(first), h("div", { class: "after-file" }, stamp(first))];
    default:
      return [wordsOf(first)];
  }
}

function wordsOf(message) {
  return h("div", { class: "words" }, words(message.text, sendCommand), stamp(message));
}

function sendCommand(command) {
  attempt(() => post(`/people/${state.current}/text`, { text: command }));
}

function stamp(message, name = "stamp") {
  const sent = message.from === "person";
  return h("span", { class: name, title: new Date(message.date * 1000).toLocaleString() },
    message.edits > 0 && message.kind !== "invoice" && "edited ",
    hour(message.date),
    sent && icon("sent"));
}

function reply(chat, message) {
  const answered = chat.messages.get(message.reply_to_message_id);
  if (!answered) return null;
  const name = answered.from === "bot" ? state.profile.name : chat.person.first_name;
  return h("button", {
    type: "button",
    class: "reply",
    onclick: () => document.querySelector(`[data-message="${answered.message_id}"]`)?.scrollIntoView({ behavior: "smooth", block: "center" }),
  }, h("b", {}, name), h("span", {}, gist(answered)));
}

// Photos

function mediaWidth(messages) {
  if (messages.length > 1) return WIDEST;
  const { width, height } = messages[0].media;
  const scale = Math.min(WIDEST / width, HIGHEST / height, 1.6);
  return Math.round(Math.max(width * scale, 180));
}

function photoBox(message) {
  const { width, height } = message.media;
  const shownWidth = mediaWidth([message]);
  const shownHeight = Math.min(Math.max((shownWidth * height) / width, 90), HIGHEST);
  const photo = photoOf(message);
  photo.style.aspectRatio = `${shownWidth} / ${shownHeight}`;
  return h("div", { class: "media" }, photo);
}

function album(messages) {
  const { boxes, height } = layOut(messages.map(({ media }) => media.width / media.height), WIDEST);
  const media = h("div", { class: "media album" });
  media.style.aspectRatio = `${WIDEST} / ${height}`;
  messages.forEach((message, index) => {
    const photo = photoOf(message);
    const box = boxes[index];
    photo.style.left = `${(box.x / WIDEST) * 100}%`;
    photo.style.top = `${(box.y / height) * 100}%`;
    photo.style.width = `${(box.width / WIDEST) * 100}%`;
    photo.style.height = `${(box.height / height) * 100}%`;
    media.append(photo);
  });
  return media;
}

function photoOf(message) {
  const { media } = message;
  const alt = message.text?.plain ? `Photo: ${message.text.plain.slice(0, 120)}` : "Photo";
  const full = h("img", { class: "full", alt, decoding: "async" });
  full.addEventListener("load", () => full.classList.add("ready"));
  full.addEventListener("error", () => photo.replaceChildren(h("span", { class: "gone" }, "The sandbox has forgotten this photo")));
  full.src = media.url;
  const photo = h("button", {
    type: "button",
    class: media.has_spoiler ? "photo hidden-by-spoiler" : "photo",
    "aria-label": alt,
    onclick: () => {
      if (photo.classList.contains("hidden-by-spoiler")) photo.classList.remove("hidden-by-spoiler");
      else viewPhoto(message);
    },
  }, h("img", { class: "preview", src: media.thumbnail_url, alt: "" }), full);
  return photo;
}

function viewPhoto(message) {
  const photos = [...me().messages.values()].filter((other) => other.kind === "photo" && !other.deleted);
  const index = photos.findIndex((other) => other.message_id === message.message_id);
  openViewer(photos.map((other) => ({ url: other.media.url, caption: other.text?.plain })), Math.max(index, 0));
}

// Files, invoices, payments

function file(message) {
  const { media } = message;
  const picture = media.thumbnail_url
    ? h("span", { class: "file-icon picture" }, h("img", { src: media.thumbnail_url, alt: "" }))
    : h("span", { class: "file-icon" }, icon("file"));
  return h("a", { class: "file", href: `${media.url}?download=1`, download: media.name ?? "file" },
    picture,
    h("span", {},
      h("span", { class: "file-name" }, media.name ?? mediumName(message.kind)),
      h("div", { class: "file-size" }, size(media.size))));
}

const mediumName = (kind) => MEDIA[kind] ?? "File";

function invoice(message) {
  const { title, description, stars } = message.invoice;
  return h("div", { class: "invoice" }, h("b", {}, title), h("p", {}, description), h("p", { class: "stars" }, `⭐ ${stars}`),
    message.keyboard ? null : h("div", { class: "keys" }, h("button", { type: "button", class: "button button-main", onclick: () => pay(message) }, `Pay ⭐ ${stars}`)));
}

function pay(message) {
  attempt(() => post(`/people/${state.current}/pay`, { message_id: message.message_id }));
}

function paymentNote(message) {
  const { stars } = message.payment;
  return h("li", { class: "note" }, message.kind === "successful_payment" ? `You paid ⭐ ${stars}` : `You got ⭐ ${stars} back`);
}

// Buttons

function keyboard(message) {
  return h("div", { class: "keys" }, message.keyboard.map((row, rowIndex) =>
    h("div", { class: "keys-row" }, row.map((button, index) => key(message, button, `${rowIndex}:${index}`)))));
}

function key(message, button, position) {
  const mark = button.url ? icon("link") : null;
  const waiting = me().waitingKeys.has(`${message.message_id}:${position}`);
  return h("button", {
    type: "button",
    class: waiting ? "key waiting" : "key",
    "data-key": `${message.message_id}:${position}`,
    onclick: (event) => press(event.currentTarget, message, button, `${message.message_id}:${position}`),
  }, button.text, mark);
}

async function press(element, message, button, position) {
  if (button.url) {
    linkDialog(button.url);
    return;
  }
  if (button.pay) {
    pay(message);
    return;
  }
  if (button.callback_data === undefined) return;
  const chat = me();
  element.classList.add("waiting");
  const answer = await attempt(() =>
    post(`/people/${state.current}/press`, { message_id: message.message_id, data: button.callback_data }));
  const query = answer?.callback_query_ids?.[0];
  if (!query) {
    element.classList.remove("waiting");
    return;
  }
  chat.waitingKeys.set(position, query);
  setTimeout(() => stopWaiting(chat, query), WAITING_MS);
  // The answer may have come before its question's id.
  if (chat.answered?.has(query)) stopWaiting(chat, query);
}

/** The press was answered, or nobody will. */
export function stopWaiting(chat, query) {
  for (const [position, waiting] of chat.waitingKeys) {
    if (waiting !== query) continue;
    chat.waitingKeys.delete(position);
    document.querySelector(`[data-key="${position}"]`)?.classList.remove("waiting");
  }
  tell("keys");
}
