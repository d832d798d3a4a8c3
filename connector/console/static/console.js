// Niceties only: every page works without this file.
"use strict";
(() => {
  const said = document.currentScript.dataset;

  // copy buttons beside ids and texts that are shown once
  for (const one of document.querySelectorAll("[data-copy]:not(script)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = said.copy;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(one.dataset.copy);
        button.textContent = said.copied;
        setTimeout(() => { button.textContent = said.copy; }, 1500);
      } catch { /* the browser does not allow it: the text can be selected */ }
    });
    if (one.tagName === "CODE") one.after(button); else one.append(button);
  }

  // a click on a name puts it into the question
  const box = document.querySelector("textarea.code");
  if (box) for (const one of document.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "insert";
    button.textContent = one.textContent;
    button.addEventListener("click", () => {
      const before = box.value.slice(0, box.selectionStart);
      const text = (/[\w'"]$/.test(before) ? " " : "") + one.dataset.insert;
      box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
      box.focus();
    });
    one.replaceChildren(button);
  }

  // what was typed stays when language or theme are changed; secrets and files do not
  const fields = () => [...document.querySelectorAll("main form [name]")].filter(
    (f) => f.type !== "hidden" && f.type !== "password" && f.type !== "file" && f.type !== "submit");
  const place = "voile:" + location.pathname;
  for (const form of document.querySelectorAll("form[data-keep]")) {
    form.addEventListener("submit", () => {
      const kept = fields().map((f) => [f.name, f.type, f.value, f.checked === true]);
      sessionStorage.setItem(place, JSON.stringify(kept));
    });
  }
  const kept = sessionStorage.getItem(place);
  if (kept) {
    sessionStorage.removeItem(place);
    const then = JSON.parse(kept);
    fields().forEach((f, at) => {
      if (!then[at] || then[at][0] !== f.name || then[at][1] !== f.type) return;
      if (f.type === "checkbox" || f.type === "radio") f.checked = then[at][3]; else f.value = then[at][2];
    });
  }

  // what is under way is looked at again, as long as the page is seen
  const again = document.querySelector("[data-again]");
  if (again) setTimeout(() => location.reload(), Number(again.dataset.again));

  // the menu closes with Esc or a click elsewhere
  const menus = document.querySelectorAll("details[data-menu]");
  const close = (menu, back) => {
    if (!menu.open) return;
    menu.open = false;
    if (back) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => menus.forEach((m) => m.contains(event.target) || close(m, false)));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menus.forEach((m) => close(m, true)); return; }
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    if (event.key === "/") {
      const search = document.querySelector("#search, .filters input:not([type=hidden])");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?" && document.querySelector(".rail, .inside")) {
      location.assign("/help");
    }
  });
})();
