// Voice messages: hearing and speaking.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { duration } from "./time.js";

const BARS = 36;
let playing = null;

/** A voice message with its wave, which is drawn from its id. */
export function voice(message) {
  const { media } = message;
  const bars = [...Array(BARS).keys()].map((index) => {
    const code = media.file_id.charCodeAt(18 + (index % 30));
    return h("i", { style: { height: `${18 + ((code * (index + 7)) % 82)}%` } });
  });
  const time = h("span", { class: "file-size" }, duration(media.duration ?? 0));
  const button = h("button", { type: "button", class: "file-icon", "aria-label": "Play the voice message" }, icon("play"));
  const audio = new Audio();
  audio.preload = "none";
  audio.src = media.url;
  const show = () => button.replaceChildren(icon(audio.paused ? "play" : "pause"));
  audio.addEventListener("play", show);
  audio.addEventListener("pause", show);
  audio.addEventListener("ended", () => bars.forEach((bar) => bar.classList.remove("played")));
  audio.addEventListener("timeupdate", () => {
    const length = Number.isFinite(audio.duration) ? audio.duration : media.duration ?? 1;
    bars.forEach((bar, index) => bar.classList.toggle("played", index / BARS < audio.currentTime / length));
    time.textContent = duration(audio.currentTime);
  });
  button.addEventListener("click", () => {
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    if (audio.paused) audio.play().catch(() => { time.textContent = "This recording can't be played"; });
    else audio.pause();
  });
  return h("div", { class: "voice" }, button, h("div", { class: "wave", "aria-hidden": "true" }, bars), time);
}

/** Records until `stop` is called. Resolves to `{ stop, cancel }`; rejects when there is no microphone. */
export async function record(done) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"].find((candidate) => MediaRecorder.isTypeSupported(candidate));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const parts = [];
  const started = performance.now();
  let wanted = true;
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    stream.getTracks().forEach((track) => track.stop());
    const seconds = Math.max(1, Math.round((performance.now() - started) / 1000));
    if (wanted) done(new Blob(parts, { type: recorder.mimeType }), seconds);
  });
  recorder.start();
  return {
    stop: () => recorder.stop(),
    cancel: () => {
      wanted = false;
      recorder.stop();
    },
  };
}
