// Photos and files on their way out: chosen, dropped or pasted; seen once more before they leave.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, openDialog, toast } from "./dialogs.js";
import { post } from "./api.js";
import { me, state } from "./state.js";
import { size } from "./time.js";

const MOST_FILES = 50;
const MOST_IN_ALBUM = 10;

/** Shows the files with a caption to add, and sends them. */
export function attachFiles(files, wanted) {
  if (files.length === 0) return;
  if (files.length > MOST_FILES) {
    toast(`At most ${MOST_FILES} files leave at once`, "error");
    return;
  }
  const arePictures = files.every((file) => file.type.startsWith("image/"));
  let kind = arePictures ? wanted : "documents";
  const urls = files.map((file) => URL.createObjectURL(file));
  const previews = h("div", { class: files.length === 1 ? "previews single" : "previews" });
  const caption = h("textarea", { rows: 1, maxLength: 1024, placeholder: "Add a caption …", "aria-label": "Caption" });
  const compress = h("button", { type: "button", class: "switch", role: "switch", "aria-label": "Compress" });
  const title = h("h3");
  const draw = () => {
    const photos = kind === "photos";
    title.textContent = titleOf(files.length, photos ? "photo" : "file");
    compress.setAttribute("aria-checked", String(photos));
    previews.replaceChildren(...files.map((file, index) => photos
      ? h("img", { src: urls[index], alt: file.name })
      : h("div", { class: "preview-file" }, icon("file"), h("span", {}, file.name, h("div", { class: "file-size" }, size(file.size))))));
  };
  compress.addEventListener("click", () => {
    kind = kind === "photos" ? "documents" : "photos";
    draw();
  });
  const form = h("form", { method: "dialog" },
    title,
    previews,
    arePictures && h("div", { class: "switch-line" }, h("span", {}, "Compress, as Telegram does with photos"), compress),
    h("div", { class: "field" }, caption),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { class: "button button-main" }, "Send")));
  form.addEventListener("submit", () => attempt(() => sendFiles(files, kind, caption.value)));
  caption.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const dialog = h("dialog", { "aria-label": "Send files" }, form);
  dialog.addEventListener("close", () => urls.forEach((url) => URL.revokeObjectURL(url)));
  draw();
  openDialog(dialog);
  caption.focus();
}

function titleOf(count, what) {
  if (count === 1) return `Send ${what}`;
  const albums = Math.ceil(count / MOST_IN_ALBUM);
  return albums === 1 ? `Send ${count} ${what}s` : `Send ${count} ${what}s in ${albums} albums`;
}

async function sendFiles(files, kind, caption) {
  const form = new FormData();
  form.append("caption", caption);
  form.append("kind", kind);
  for (const file of files) form.append("file", file, file.name);
  const what = files.length > 1 ? "album" : kind === "photos" ? "photo" : "document";
  await post(`/people/${state.current}/${what}`, form);
}

/** Files can be dropped on the chat and pasted into it. */
export function startDropping() {
  const chat = document.querySelector(".chat");
  let depth = 0;
  const hint = h("div", { class: "drop-here", hidden: true }, "Drop photos or files here");
  chat.querySelector(".chat-body").append(hint);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  chat.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    hint.hidden = false;
  });
  chat.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    hint.hidden = depth === 0;
  });
  chat.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  chat.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    hint.hidden = true;
    take([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    take(files);
  });
}

function take(files) {
  if (me()?.standing === "blocked") toast("Unblock the bot first", "error");
  else attachFiles(files, "photos");
}
