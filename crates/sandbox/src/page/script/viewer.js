// A photo, large; with its neighbours in the chat.
import { h, iconButton } from "./dom.js";
import { openDialog } from "./dialogs.js";

/** Opens the viewer on `photos[start]`: `[{ url, caption }]`. */
export function openViewer(photos, start) {
  let index = start;
  const image = h("img", { alt: "" });
  const caption = h("figcaption");
  const count = h("span", { class: "viewer-count" });
  const save = h("a", { class: "icon-button viewer-save", "aria-label": "Download", title: "Download", download: "photo.jpg" });
  save.append(...iconButton("download", "Download").children);
  const show = (next) => {
    index = (next + photos.length) % photos.length;
    const photo = photos[index];
    const fresh = image.cloneNode();
    fresh.src = photo.url;
    fresh.alt = photo.caption || "Photo";
    dialog.querySelector("img").replaceWith(fresh);
    caption.textContent = photo.caption ?? "";
    count.textContent = photos.length > 1 ? `${index + 1} of ${photos.length}` : "";
    save.href = `${photo.url}?download=1`;
  };
  const several = photos.length > 1;
  const dialog = h("dialog", { class: "viewer", "aria-label": "Photo" },
    h("figure", { onclick: (event) => event.target.tagName !== "IMG" && dialog.close() }, image, caption),
    count,
    save,
    iconButton("close", "Close", { class: "icon-button viewer-close", onclick: () => dialog.close() }),
    several && iconButton("back", "Previous", { class: "icon-button viewer-back", onclick: () => show(index - 1) }),
    several && iconButton("next", "Next", { class: "icon-button viewer-next", onclick: () => show(index + 1) }));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" && several) show(index - 1);
    if (event.key === "ArrowRight" && several) show(index + 1);
  });
  show(start);
  openDialog(dialog);
}
