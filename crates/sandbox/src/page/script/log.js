// What the bot prints.
import { h } from "./dom.js";
import { empty } from "./empty.js";
import { on, state } from "./state.js";

// Terminals' colours say nothing here.
const COLOURS = /\u001b\[[0-9;]*m/g;

function line(text) {
  const plain = text.replace(COLOURS, "");
  const kind = /^──/.test(plain) ? "mark" : /\bERROR\b|panicked/.test(plain) ? "error" : /\bWARN\b/.test(plain) ? "warning" : "";
  return h("div", { class: kind }, plain || " ");
}

export function logPane(pane) {
  const list = h("div", { class: "log", role: "log" });
  const toEnd = () => {
    pane.scrollTop = pane.scrollHeight;
  };
  const draw = () => {
    list.replaceChildren(...state.log.map(line));
    pane.replaceChildren(state.log.length > 0 ? list : empty("file", "The bot has printed nothing yet."));
    toEnd();
  };
  on("log", (text) => {
    if (text === undefined || !list.isConnected) {
      draw();
      return;
    }
    const wasAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
    list.append(line(text));
    if (list.children.length > 400) list.firstElementChild.remove();
    if (wasAtEnd) toEnd();
  });
  pane.addEventListener("shown", toEnd);
  draw();
}
