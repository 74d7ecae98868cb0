// Words with entities → elements. Offsets count UTF-16 units, as JavaScript's strings do.
import { h } from "./dom.js";
import { toast } from "./dialogs.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE_SCHEMES = new Set(["http:", "https:", "tg:", "mailto:"]);

/** The words as a fragment; `onCommand` is called when a command in them is clicked. */
export function words({ plain, entities }, onCommand) {
  const fragment = document.createDocumentFragment();
  fill(fragment, plain, [...entities], 0, plain.length, onCommand);
  return fragment;
}

/** Adds text from `start` to `end`; takes the entities that begin there off the list, outer ones first. */
function fill(parent, plain, entities, start, end, onCommand) {
  let at = start;
  while (entities.length > 0 && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    const isBlock = BLOCKS.has(entity.type);
    // A block begins and ends lines by itself.
    parent.append(isBlock ? plain.slice(at, from).replace(/\n$/, "") : plain.slice(at, from));
    const element = elementOf(entity, plain.slice(from, to), onCommand);
    fill(element, plain, entities, from, to, onCommand);
    parent.append(element);
    at = isBlock && plain[to] === "\n" ? to + 1 : to;
  }
  if (at < end) parent.append(plain.slice(at, end));
}

function elementOf(entity, text, onCommand) {
  switch (entity.type) {
    case "bold": return h("strong");
    case "italic": return h("em");
    case "underline": return h("u");
    case "strikethrough": return h("s");
    case "spoiler": return spoiler();
    case "code": return h("code", { title: "Copy", onclick: () => copy(text) });
    case "pre": return h("pre", entity.language ? { "data-language": entity.language } : {});
    case "blockquote": return h("blockquote");
    case "expandable_blockquote": return h("blockquote", { class: "expandable", onclick: (event) => event.currentTarget.classList.add("open") });
    case "text_link": return link(entity.url);
    case "url": return link(text);
    case "bot_command":
      return h("a", { class: "command", href: "#", onclick: (event) => { event.preventDefault(); onCommand?.(text); } });
    case "mention":
    case "hashtag":
    case "email": return h("span", { class: "command" });
    default: return h("span");
  }
}

function link(address) {
  let safe = false;
  try {
    safe = SAFE_SCHEMES.has(new URL(address).protocol);
  } catch {
    safe = false;
  }
  return safe ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }) : h("span");
}

function spoiler() {
  const open = (event) => { event.currentTarget.classList.add("open"); };
  return h("span", { class: "spoiler", tabIndex: 0, role: "button", "aria-label": "Hidden text", onclick: open, onkeydown: (event) => event.key === "Enter" && open(event) });
}

async function copy(text) {
  await navigator.clipboard?.writeText(text);
  toast("Copied");
}

/** What other media are called. */
export const MEDIA = { audio: "Audio", video: "Video", video_note: "Video message", animation: "GIF", sticker: "Sticker" };

/** One line that stands for a message in lists and replies. */
export function gist(message) {
  const plain = message.text?.plain?.replace(/\s+/g, " ").trim();
  switch (message.kind) {
    case "photo": return plain ? `🖼 ${plain}` : "🖼 Photo";
    case "document": return `📎 ${message.media?.name ?? "File"}`;
    case "voice": return "🎤 Voice message";
    case "audio":
    case "video":
    case "video_note":
    case "animation":
    case "sticker": return `📎 ${MEDIA[message.kind]}`;
    case "invoice": return `⭐ ${message.invoice.title}`;
    case "successful_payment": return `Paid ${message.payment.stars} ⭐`;
    case "refunded_payment": return `Got back ${message.payment.stars} ⭐`;
    default: return plain ?? "";
  }
}
