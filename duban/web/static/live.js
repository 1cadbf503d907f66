// A page that shows how things stand is read again when something changed, unless its reader is in the middle of
// something. Without this script the page stays as it is until it is opened again. Nothing from outside.
"use strict";

const main = document.querySelector("main[data-live]");
const note = document.getElementById("live-note");
const isEnglish = document.documentElement.lang === "en";
const WAIT = 5000;
let source = null;
let due = false;
let busy = false;

function say(words) {
  note.textContent = words;
  note.hidden = !words;
}

// A field that does not stand as the page came.
function isChanged(field) {
  if (field.type === "hidden" || field.readOnly) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const usual = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(usual, 0);
}

function isInTheMiddle() {
  const active = document.activeElement;
  if (active && main.contains(active) && active.matches("input, select, textarea")) return true;
  if (String(document.getSelection())) return true;
  if (main.querySelector("details[open], dialog[open], [aria-busy=true]")) return true;
  return [...main.querySelectorAll("input, select, textarea")].some(isChanged);
}

function put(fresh) {
  const active = document.activeElement;
  const link = active && main.contains(active) ? active.getAttribute("href") : null;
  const places = [...main.querySelectorAll(".sheet")].map((it) => [it.scrollLeft, it.scrollTop]);
  main.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new Event("renewed"));
  main.querySelectorAll(".sheet").forEach((it, n) => { if (places[n]) [it.scrollLeft, it.scrollTop] = places[n]; });
  if (link) [...main.querySelectorAll("a")].find((it) => it.getAttribute("href") === link)?.focus({ preventScroll: true });
}

async function renew() {
  if (busy || !due) return;
  if (isInTheMiddle()) {
    say(isEnglish ? "Something changed; the page follows when you have finished" : "内容有变化，办完手头的操作后自动更新");
    return;
  }
  busy = true;
  due = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Live": "1" } });
    const page = answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page && page.querySelector("main[data-live]");
    if (!fresh) {
      stop();
    } else if (isInTheMiddle()) {
      due = true;
    } else {
      put(fresh);
      const now = new Date();
      const time = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
      const offset = -now.getTimezoneOffset() / 60;
      say(isEnglish ? `Updated ${time} UTC${offset < 0 ? "" : "+"}${offset}` : `已更新 ${time}`);
    }
  } catch {
    due = true;
  } finally {
    busy = false;
  }
}

function listen() {
  if (source || document.hidden) return;
  source = new EventSource("/live");
  source.addEventListener("changed", () => { due = true; renew(); });
}

function stop() {
  source?.close();
  source = null;
}

if (main && note) {
  listen();
  setInterval(renew, WAIT);
  // a page that nobody looks at does not listen; looked at again, it is read again
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stop();
    } else if (!source) {
      due = true;
      listen();
      renew();
    }
  });
  addEventListener("pagehide", stop);
}
