// What a pane says when it has nothing to show.
import { h } from "./dom.js";
import { icon } from "./icons.js";

export const empty = (iconName, text) => h("div", { class: "empty" }, icon(iconName), text);
