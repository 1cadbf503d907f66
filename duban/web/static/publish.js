// A fact of the notice and its lines of the definition light up together, and come into view. Without this script the
// same links lead from one to the other. No library, nothing from outside.
"use strict";

function light(hash) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const target = hash && document.getElementById(hash);
  if (!target) return;
  const isLine = hash.startsWith("y");
  const facts = [...document.querySelectorAll("a.fact")];
  const mine = facts.filter((fact) => (isLine ? fact.dataset.lines : fact.dataset.facts).split(" ").includes(hash));
  const lines = isLine ? [target] : mine.slice(0, 1).flatMap((fact) => fact.dataset.lines.split(" ").map((line) => document.getElementById(line)));
  for (const part of [...mine, ...lines]) if (part) part.classList.add("lit");
  for (const part of [mine[0], lines[0]]) if (part) part.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", () => light(location.hash.slice(1)));
if (location.hash) light(location.hash.slice(1));
