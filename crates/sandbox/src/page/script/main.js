// Starts the page.
import { icon } from "./icons.js";
import { attempt } from "./dialogs.js";
import { startComposer, loadProfile } from "./composer.js";
import { listen, loadAll } from "./events.js";
import { startHeader } from "./header.js";
import { startMessages } from "./messages.js";
import { become, startPeople } from "./people.js";
import { startAvatars } from "./avatars.js";
import { startScenes } from "./scenes.js";
import { h } from "./dom.js";
import { me, on, state } from "./state.js";

function startScreens() {
  const labels = { chat: ["chat", "Chat"], scenes: ["scenes", "Behind the scenes"] };
  const buttons = [...document.querySelectorAll(".screens button")];
  const draw = () => {
    const screen = document.body.dataset.screen;
    const unread = [...state.people.values()].reduce((sum, chat) => sum + chat.unread, 0);
    for (const button of buttons) {
      const [name, label] = labels[button.dataset.screen];
      const isCurrent = button.dataset.screen === screen || (screen === "people" && button.dataset.screen === "chat");
      button.replaceChildren(icon(name), label, ...(name === "chat" && unread > 0 ? [h("span", { class: "badge" }, String(unread))] : []));
      if (isCurrent) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      document.body.dataset.screen = button.dataset.screen;
      if (button.dataset.screen === "chat" && me()) me().unread = 0;
      draw();
    });
  }
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ["data-screen"] });
  on("people", draw);
  on("messages", draw);
  draw();
}

function remembered() {
  try {
    return Number(new URLSearchParams(location.search).get("person") ?? localStorage.getItem("person"));
  } catch {
    return 0;
  }
}

async function start() {
  startScreens();
  startPeople();
  startHeader();
  startMessages();
  startComposer();
  startScenes();
  startAvatars();
  on("person", () => attempt(loadProfile));
  listen();
  await loadAll();
  const first = state.people.has(remembered()) ? remembered() : [...state.people.keys()][0];
  if (first !== undefined) await become(first);
  const screen = new URLSearchParams(location.search).get("screen");
  if (["people", "chat", "scenes"].includes(screen)) document.body.dataset.screen = screen;
}

attempt(start);
