// Files are sent piece by piece, with progress; what was sent stays when the page is closed. Without this script the
// form does the same in one go. No library, nothing from outside.
"use strict";

const SAID = document.documentElement.lang === "en"
  ? {
    failed: "Not uploaded; please try again later.",
    broken: "The connection broke off. Choose the same file again and it goes on from there.",
    progress: "upload progress",
    colon: ": ",
  }
  : {
    failed: "没有上传成功，请稍后再试。",
    broken: "网络中断，没有传完。重新选择同一个文件，会接着传。",
    progress: "上传进度",
    colon: "：",
  };

const PIECE = 4 * 1024 * 1024;
const PATIENCE = 8;

function wait(seconds) {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

class Refused extends Error {}

// One request; a busy server is asked again when it says so, however often, a lost connection a little later each time.
async function ask(url, options, csrf) {
  for (let attempt = 1; ; attempt += 1) {
    let pause = attempt;
    try {
      const answer = await fetch(url, { ...options, headers: { Accept: "application/json", "X-CSRF-Token": csrf, ...options.headers } });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok || (answer.status === 409 && "offset" in told)) return told;
      if (![429, 503].includes(answer.status)) throw new Refused(told.message || SAID.failed);
      pause = (Number(answer.headers.get("Retry-After")) || attempt) * (0.5 + Math.random());
      attempt -= 1;
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    if (attempt >= PATIENCE) throw new Refused(SAID.broken);
    await wait(pause);
  }
}

async function send(file, uploads, csrf, tell) {
  const began = await ask(uploads, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: file.name, size: file.size }) }, csrf);
  let at = began.offset;
  while (!began.done && at < file.size) {
    const piece = file.slice(at, at + PIECE);
    const answer = await ask(`${uploads}/${began.id}?offset=${at}`, { method: "PATCH", headers: { "Content-Type": "application/octet-stream" }, body: piece }, csrf);
    at = answer.offset;
    tell(at / file.size);
  }
}

function line(form, name) {
  const row = document.createElement("p");
  row.className = "sending";
  row.textContent = name + " ";
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${name} ${SAID.progress}`);
  row.append(bar);
  form.append(row);
  return { tell: (share) => { bar.value = share; }, fail: (words) => { bar.remove(); row.textContent = `${name}${SAID.colon}${words}`; row.className = "sending failed"; row.setAttribute("role", "alert"); } };
}

async function sendAll(form, files) {
  const csrf = form.elements.csrf.value;
  let failed = 0;
  form.setAttribute("aria-busy", "true");
  for (const file of files) {
    const row = line(form, file.name);
    try {
      await send(file, form.dataset.upload, csrf, row.tell);
    } catch (error) {
      failed += 1;
      row.fail(error.message);
    }
  }
  form.removeAttribute("aria-busy");
  if (!failed) {
    location.hash = form.closest("article").id;
    location.reload();
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const picked = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll(form, [...picked.files]); });
  picked.addEventListener("change", () => sendAll(form, [...picked.files]));
  for (const name of ["dragover", "dragenter"]) form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => { event.preventDefault(); form.classList.remove("over"); sendAll(form, [...event.dataTransfer.files]); });
}
