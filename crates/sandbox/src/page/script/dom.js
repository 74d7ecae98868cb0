// Elements are built, never parsed: nothing that a bot or a person wrote can become markup.
import { icon } from "./icons.js";

/** An element with properties, attributes (`aria-…`, `data-…`, `role`), listeners (`onclick`) and children. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") Object.assign(element.style, value);
    else if (key in element && !key.includes("-")) element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A round button that shows only an icon. */
export function iconButton(name, label, properties = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...properties }, icon(name));
}

export const $ = (id) => document.getElementById(id);

/** A circle with a person's initials, coloured by their id. */
export function avatar(person) {
  const initials = [person.first_name, person.last_name]
    .filter(Boolean)
    .map((name) => [...name][0].toUpperCase())
    .join("");
  return h("span", { class: "avatar", "data-hue": String(Math.abs(person.telegram_id) % 7), "aria-hidden": "true" }, initials);
}

/** The bot's face. */
export function botAvatar() {
  return h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, icon("spark"));
}
