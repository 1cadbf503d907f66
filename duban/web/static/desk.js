// Copying at one click, and ticking a whole page. Without this script the boxes can be ticked one by one, and the
// texts selected by hand. No library, nothing from outside.
"use strict";

const WORDS = document.documentElement.lang === "en"
  ? { copied: "Copied", copy: "Press Ctrl+C to copy", chosen: (count) => `${count} chosen` }
  : { copied: "已复制", copy: "请按 Ctrl+C 复制", chosen: (count) => `已选 ${count} 个` };

async function copied(text, area) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // pages that are not encrypted have no clipboard of their own
    area.focus();
    area.select();
    return document.execCommand("copy");
  }
}

function copying() {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const area = document.getElementById(button.dataset.copies);
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.textContent = (await copied(area.value, area)) ? WORDS.copied : WORDS.copy;
      setTimeout(() => { button.textContent = name; }, 4000);
    });
  }
}

function picking() {
  for (const form of document.querySelectorAll("form[data-picks]")) {
    const boxes = [...form.querySelectorAll("input[name=chosen]")];
    const every = form.querySelector("input[data-every]");
    const told = form.querySelector("[data-told]");
    const tell = () => {
      const count = boxes.filter((box) => box.checked).length;
      if (told) told.textContent = count ? WORDS.chosen(count) : "";
      if (every) every.checked = count === boxes.length && count > 0;
    };
    if (every) {
      every.parentElement.hidden = false;
      every.addEventListener("change", () => {
        for (const box of boxes) box.checked = every.checked;
        tell();
      });
    }
    form.addEventListener("change", tell);
    tell();
  }
}

// a page that refreshes itself has new buttons and boxes
for (const begin of [copying, picking]) {
  begin();
  document.addEventListener("renewed", begin);
}
