// The console's one script; every page works without it.
"use strict";
(() => {
  const NEWS_MS = 3000, SLOWEST_MS = 60000, NEAR = 120;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const made = (name, attributes, ...content) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...content);
    return element;
  };
  const isField = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select");

  // The browser's time zone
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  if (/^[\w+/-]+$/.test(zone)) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
  }

  // Lists by keyboard
  const table = document.querySelector("table[data-keys]");
  const rows = table ? all("tbody tr[data-href]", table) : [];
  const key = `row ${location.pathname}`;
  let at = rows.findIndex((row) => row.dataset.href === sessionStorage.getItem(key));
  rows[at]?.classList.add("here");
  const stand = (index) => {
    rows[at]?.classList.remove("here");
    at = index;
    rows[at].classList.add("here");
    sessionStorage.setItem(key, rows[at].dataset.href);
  };
  const go = (index) => {
    if (!rows[index]) return;
    stand(index);
    rows[at].querySelector("a")?.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const open = () => rows[at] && location.assign(rows[at].dataset.href);
  rows.forEach((row, index) => {
    row.addEventListener("focusin", () => stand(index));
    row.addEventListener("click", (event) => {
      if (event.target.closest("a, button, input, select, label, summary") || String(getSelection())) return;
      stand(index);
      open();
    });
  });

  const KEYS = { "/": "Search", "?": "This help", Esc: "Leave a field, or close this" };
  const ROW_KEYS = { j: "Next row", k: "Row before", Enter: "Open the row", x: "Tick the row" };
  const help = () => {
    const list = made("dl", { className: "facts" });
    Object.entries(table ? { ...ROW_KEYS, ...KEYS } : KEYS).forEach(([name, does]) => {
      list.append(made("dt", {}, made("kbd", {}, name)), made("dd", {}, does));
    });
    const close = made("form", { method: "dialog" }, made("button", {}, "Close"));
    const dialog = made("dialog", { ariaLabel: "Keys" }, made("h2", {}, "Keys"), list, close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const ACTS = {
    "?": help,
    "/": () => document.querySelector("main input[type=search]")?.focus(),
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => rows[at]?.querySelector("input[type=checkbox]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (isField(event.target)) return event.key === "Escape" && event.target.blur();
    if (event.key === "Enter" && event.target === document.body) open();
    if (!Object.hasOwn(ACTS, event.key)) return;
    event.preventDefault();
    ACTS[event.key]();
  });

  // th[data-all] gets a box that ticks all
  all("th[data-all]").forEach((head) => {
    const boxes = all("tbody input[type=checkbox]", head.closest("table"));
    const box = made("input", { type: "checkbox", ariaLabel: "Select all on this page" });
    if (boxes.length) head.replaceChildren(box);
    box.addEventListener("change", () => boxes.forEach((each) => { each.checked = box.checked; }));
    boxes.forEach((each) => each.addEventListener("change", () => {
      box.checked = boxes.every((one) => one.checked);
      box.indeterminate = !box.checked && boxes.some((one) => one.checked);
    }));
  });

  // What happened
  const tell = (element, text, wrong) => {
    let line = element.previousElementSibling;
    if (!line?.matches("[data-told]")) {
      element.before(line = made("p"));
      line.dataset.told = "";
      line.setAttribute("role", "status");
    }
    line.className = wrong ? "wrong" : "visually-hidden";
    line.textContent = text;
  };

  // What is new
  all("[data-news]").forEach((element) => {
    const list = element.matches("ol, ul, tbody") ? element : element.querySelector("ol, ul") ?? element;
    const page = document.documentElement;
    let timer, failures = 0, asking = false, again = false, over = false;
    const add = (html) => {
      const follows = innerHeight + scrollY >= page.scrollHeight - NEAR;
      const fresh = [...parsed(html).body.children].filter((child) => !document.getElementById(child.id));
      fresh.forEach((child) => child.classList.add("new"));
      list.append(...fresh);
      if (follows) scrollTo(0, page.scrollHeight);
    };
    const take = async (response) => {
      over = response.redirected || [401, 403, 404].includes(response.status);
      if (over) return tell(element, "This page is over: open it again.", true);
      if (!response.ok) throw new Error(response.status);
      if (failures) tell(element, "", false);
      failures = 0;
      if (response.status !== 200) return;
      add(await response.text());
      element.dataset.news = response.headers.get("X-News") ?? element.dataset.news;
    };
    const ask = async () => {
      again = asking;
      if (asking || over) return;
      asking = true;
      clearTimeout(timer);
      try {
        await take(await fetch(element.dataset.news, { cache: "no-store" }));
      } catch {
        if (++failures === 2) tell(element, "The console cannot be reached.", true);
      }
      asking = false;
      if (again && !failures) ask();
      else if (!over && !document.hidden) timer = setTimeout(ask, Math.min(NEWS_MS * 2 ** failures, SLOWEST_MS));
    };
    document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : ask());
    element.askForNews = ask;
    timer = setTimeout(ask, NEWS_MS);
  });

  // Typing is shown; Ctrl+Enter sends
  all("textarea[data-typing]").forEach((field) => {
    let last = -NEWS_MS;
    field.addEventListener("input", () => {
      if (!field.value.trim() || performance.now() - last < NEWS_MS) return;
      last = performance.now();
      const headers = { "X-CSRF-Token": document.body.dataset.csrf };
      fetch(field.dataset.typing, { method: "POST", headers }).catch(() => {});
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) field.form.requestSubmit();
    });
  });

  // Forms that ask first, or are sent in place
  const send = async (form, submitter) => {
    const words = () => String(new URLSearchParams(new FormData(form, submitter)));
    const body = new URLSearchParams(words());
    form.ariaBusy = "true";
    try {
      const response = await fetch(form.action, { method: "POST", body });
      if (new URL(response.url).pathname === "/sign-in") return location.assign(response.url);
      const page = parsed(await response.text());
      const text = (selector) => all(selector, page).map((one) => one.textContent).join(": ");
      if (!response.ok) return tell(form, text("main h1, main h1 ~ p:not(:has(a))"), true);
      tell(form, text("main > .said"), false);
      if (words() === String(body)) form.reset();
      all("[data-until-sent]", form).forEach((element) => element.remove());
    } catch {
      tell(form, "This was not sent; try again.", true);
    } finally {
      form.ariaBusy = "false";
      document.querySelector("[data-news]")?.askForNews();
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !confirm(question)) return event.preventDefault();
    if (form.dataset.inPlace === undefined) return;
    event.preventDefault();
    if (form.ariaBusy !== "true") send(form, event.submitter);
  });
})();
