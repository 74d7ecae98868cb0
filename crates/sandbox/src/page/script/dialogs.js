// Toasts, alerts, menus, and dialogs in general.
import { h, $ } from "./dom.js";
import { icon } from "./icons.js";

/** A few words that go by themselves. */
export function toast(text, kind = "note") {
  const element = h("div", { class: "toast", "data-kind": kind }, text);
  $("toasts").append(element);
  setTimeout(() => {
    element.classList.add("leaving");
    setTimeout(() => element.remove(), 220);
  }, Math.min(7000, 2600 + text.length * 35));
}

/** Runs `action` and tells what went wrong. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message, "error");
    return undefined;
  }
}

/** Opens a dialog that is gone once closed. */
export function openDialog(element) {
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/** Words that have to be closed. */
export function alertDialog(words, title = "Aisha") {
  const dialog = h("dialog", { "aria-label": title },
    h("h3", {}, title),
    h("p", { class: "alert-words" }, words),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button button-main", autofocus: true, onclick: () => dialog.close() }, "OK")));
  openDialog(dialog);
}

/** Asks before a link is opened. */
export function linkDialog(address) {
  const dialog = h("dialog", { "aria-label": "Open link" },
    h("h3", {}, "Open this link?"),
    h("p", { class: "alert-words" }, address),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("a", { class: "button button-main", href: address, target: "_blank", rel: "noopener noreferrer", onclick: () => dialog.close() }, "Open")));
  openDialog(dialog);
}

/** A menu at a button: `[{ icon, label, action, danger }]`. */
export function openMenu(anchor, items) {
  document.querySelector(".menu")?.remove();
  const before = document.activeElement;
  const close = () => {
    menu.remove();
    removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    before?.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  const menu = h("div", { class: "menu", role: "menu" }, items.map((item) =>
    h("button", {
      type: "button",
      role: "menuitem",
      class: item.danger ? "danger" : "",
      onclick: () => { close(); item.action(); },
    }, icon(item.icon), item.label)));
  menu.addEventListener("keydown", (event) => {
    const buttons = [...menu.children];
    const index = buttons.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") buttons[(index + 1) % buttons.length].focus();
    else if (event.key === "ArrowUp") buttons[(index - 1 + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
  });
  document.body.append(menu);
  const box = anchor.getBoundingClientRect();
  // A button at the right end of its bar opens to the left.
  const isAtRight = box.right > (anchor.parentElement.getBoundingClientRect().right - 80);
  const left = Math.min(isAtRight ? box.right - menu.offsetWidth : box.left, innerWidth - menu.offsetWidth - 8);
  const above = box.top - menu.offsetHeight - 6;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${above > 8 && box.top > innerHeight / 2 ? above : box.bottom + 6}px`;
  anchor.setAttribute("aria-expanded", "true");
  addEventListener("pointerdown", outside, true);
  menu.firstElementChild.focus();
}
