/* Strand's chat widget: one custom element, <strand-chat>. Embedding and theming: docs/widget.md. */
(() => {
"use strict";

const TAG = "strand-chat";
const script = document.currentScript;
if (!("customElements" in window) || !("adoptedStyleSheets" in document) || customElements.get(TAG)) return;

/** The check's questions, in the order asked. */
const FIELDS = (
  "age hair_loss_pattern duration prior_treatments conditions medications " +
  "pregnancy_or_breastfeeding scalp_symptoms expectations timeline"
).split(" ");
const LANGUAGES = ["en", "es"];
const ANSWERS = "en"; // the assistant's own texts
const QUIET = ["Skip", "Why do you ask?"];
const COUNTED = /^\d+ of \d+\. /; // how the check numbers its questions
const COUNT_FROM = 900;
const SILENCE = 10_000; // then a socket is taken for dead
const POLL_FOR = 120_000; // then the socket is tried again

// ---- small tools

/** An element; attributes `on…` are listeners, false and null are left out. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

function icon(path) {
  const draw = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const picture = draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  picture.append(draw("path", { d: path }));
  return picture;
}

const ICONS = {
  chat: "M20 12a8 8 0 0 1-8 8 8.6 8.6 0 0 1-3.6-.8L4 20l1-3.9A8 8 0 1 1 20 12zM8.5 10.5h7M8.5 14h4.5",
  down: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  strand: "M7 20C7 12 17 12 17 4M17 20c0-3-1.4-5-3.2-6.5M7 4c0 3 1.4 5 3.2 6.5",
  alert: "M12 4L2.8 20h18.4L12 4zM12 10v4.5M12 17.4v.1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  form: "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM9 8h6M9 12h6M9 16h3",
  out: "M9 6h9v9M18 6L7 17",
};

const hidden = (...children) => h("span", { class: "unseen" }, ...children);
const coarse = () => matchMedia("(pointer: coarse)").matches;
const lengthOf = (text) => [...text].length;

function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 200);
}

// ---- texts

class Texts {
  constructor(words) {
    this.words = words;
    this.language = words.language;
  }

  /** The words of a language, and the site's own over them. */
  static async load(server, language, file) {
    const read = async (address) => {
      const response = await fetch(address, { credentials: "omit" });
      if (!response.ok) throw new Error("no words");
      return response.json();
    };
    const own = file ? await read(new URL(file, document.baseURI)).catch(() => ({})) : {};
    return new Texts({ ...(await read(`${server}/widget/${language}.json`)), ...own });
  }

  say(key, places = {}) {
    return String(this.words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
  }

  /** "2024", "2024-09" or "2024-09-01", in words. */
  date(known) {
    const parts = /^(\d{4})(-\d\d)?(-\d\d)?/.exec(known ?? "");
    if (!parts) return "";
    const shown = { year: "numeric", month: parts[2] && "long", day: parts[3] && "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat(this.language, shown).format(new Date(parts[0]));
  }

  when(moment) {
    const then = new Date(moment);
    const today = then.toDateString() === new Date().toDateString();
    const shown = { ...(today ? {} : { day: "numeric", month: "long" }), hour: "numeric", minute: "2-digit" };
    return new Intl.DateTimeFormat(this.language, shown).format(then);
  }
}

// ---- what the browser keeps

/** A value in the browser's storage; in memory where that is blocked. */
class Kept {
  constructor(kind, key) {
    Object.assign(this, { kind, key, value: null, blocked: false });
  }

  get() {
    try {
      if (!this.blocked) return window[this.kind].getItem(this.key);
    } catch {}
    return this.value;
  }

  set(value) {
    this.value = value;
    try {
      if (value) window[this.kind].setItem(this.key, value);
      else window[this.kind].removeItem(this.key);
    } catch {
      this.blocked = true;
    }
  }
}

// ---- transport

class Refused extends Error {
  constructor(frame) {
    super();
    this.frame = frame;
  }
}

class Server {
  constructor(origin) {
    this.origin = origin;
  }

  async ask(path, { token, body, signal } = {}) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(this.origin + path, {
      ...(path.includes("news") ? {} : { method: "POST" }),
      ...{ headers, body: body && JSON.stringify(body), signal, credentials: "omit", cache: "no-store" },
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const reasons = { 401: "session", 413: "long", 429: "slow" };
    throw new Refused({ reason: reasons[response.status] ?? "busy", ...answer });
  }

  socket() {
    return new WebSocket(`${this.origin.replace(/^http/, "ws")}/chat/socket`);
  }
}

/** A session, then a socket, or long polling where none opens. */
class Line {
  constructor(server, token, { cursor, heard, changed }) {
    Object.assign(this, { server, token, cursor, heard, changed });
    Object.assign(this, { run: 0, misses: 0, begun: false, held: null, socket: null, polling: null, wake() {} });
  }

  get up() {
    return this.socket?.welcomed || this.polling;
  }

  start() {
    if (!this.running) this.loop(++this.run);
  }

  stop() {
    this.running = this.begun = false;
    this.run++;
    clearTimeout(this.renewal);
    this.hangUp();
    this.wake();
  }

  hangUp() {
    this.socket?.leave();
    this.polling?.abort();
  }

  async loop(run) {
    this.running = true;
    for (let tries = 0, wait; run === this.run; ) {
      this.changed(!navigator.onLine ? "offline" : tries ? "waiting" : "connecting");
      wait = null;
      try {
        await this.begin();
        if (run !== this.run) return;
        tries = (await (this.misses < 2 ? this.bySocket() : this.byPolling(run))) ? 0 : tries + 1;
      } catch (problem) {
        tries++;
        wait = this.refuse(problem.frame);
      }
      if (run === this.run) await this.pause(wait ?? Math.min(10, 0.6 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }

  pause(seconds) {
    this.changed(navigator.onLine ? "waiting" : "offline");
    return new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
      this.wake = resolve;
    });
  }

  /** The kept session renewed, or a new one; tabs share it. */
  async begin() {
    if (this.begun && this.token.get()) return;
    const request = async () => {
      const kept = this.token.get();
      const signal = AbortSignal.timeout?.(SILENCE);
      const over = (problem) => {
        if (problem.frame?.reason !== "session") throw problem;
      };
      const renewed = kept && (await this.server.ask("/chat/session", { token: kept, signal }).catch(over));
      const session = renewed || (await this.server.ask("/chat/session", { signal }));
      this.keep(session);
      this.heard({ ...session, type: "session", first: !renewed, instead: !renewed && this.known });
      this.begun = this.known = true;
    };
    await (navigator.locks ? navigator.locks.request(TAG, request) : request());
  }

  keep({ token, expires_in: seconds }) {
    this.token.set((this.held = token));
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => this.renew(), Math.min(seconds * 600, 2 ** 31 - 1));
  }

  renew() {
    if (this.socket?.welcomed) this.send({ type: "renew" });
    else this.begun = false;
  }

  refuse(frame) {
    if (frame?.type === "ended") this.heard(frame);
    else if (frame?.reason === "session") this.lose();
    else if (frame) this.heard({ type: "refused", id: null, ...frame });
    return frame?.retry_in;
  }

  lose() {
    this.begun = false;
    this.forget();
    this.heard({ type: "lost" });
  }

  forget() {
    if (this.token.get() === this.held) this.token.set(null);
  }

  /** Resolves when the socket is gone, to whether it had been welcomed. */
  bySocket() {
    return new Promise((resolve) => {
      this.misses++;
      const socket = (this.socket = this.server.socket());
      let reached = false;
      socket.leave = () => {
        socket.onopen = socket.onmessage = socket.onclose = null; // a close may take long
        clearTimeout(this.silence);
        socket.close();
        this.socket = null;
        if (reached) this.misses = 0;
        resolve(Boolean(socket.welcomed));
      };
      socket.onopen = () => this.greet(socket);
      socket.onmessage = ({ data }) => {
        reached = true;
        clearTimeout(this.silence);
        this.frame(socket, JSON.parse(data));
      };
      socket.onclose = ({ code }) => {
        socket.leave();
        if (code === 4401) this.lose();
      };
      this.listen();
    });
  }

  greet(socket) {
    this.held = this.token.get();
    socket.send(JSON.stringify({ type: "hello", token: this.held, after: this.cursor() }));
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.leave(), SILENCE);
  }

  frame(socket, frame) {
    if (frame.token) this.keep(frame);
    if (frame.type === "refused" && frame.reason === "session") return this.lose();
    if (frame.type === "welcome") socket.welcomed = true;
    if (frame.type !== "token") this.heard(frame);
    if (frame.type === "welcome") this.changed("online");
  }

  async byPolling(run) {
    const polling = (this.polling = new AbortController());
    const until = Date.now() + POLL_FOR;
    this.misses = 1; // then the socket once more
    this.held = this.token.get();
    this.changed("polling");
    try {
      while (run === this.run && Date.now() < until) await this.poll(polling);
      return true;
    } finally {
      this.polling = null;
    }
  }

  async poll(polling) {
    const began = Date.now();
    await this.begin();
    const asked = { token: this.token.get(), signal: polling.signal };
    const patience = setTimeout(() => polling.abort(), 4 * SILENCE);
    const mark = this.mark ? `&mark=${this.mark}` : "";
    const { moment, ...news } = await this.server.ask(`/chat/news?after=${this.cursor()}${mark}`, asked);
    clearTimeout(patience);
    const fresh = news.cursor > this.cursor() || news.mark !== this.mark;
    this.mark = news.mark;
    this.heard({ ...news, type: "news" });
    for (const id of moment ?? []) this.heard({ type: "moment", id });
    if (!fresh && Date.now() - began < 1000) await new Promise((resolve) => setTimeout(resolve, 1000));
  }

  send(frame) {
    if (this.socket?.welcomed) {
      this.socket.send(JSON.stringify(frame));
      this.listen();
    } else if (this.polling) this.post(frame);
    return Boolean(this.up);
  }

  async post({ type, id, text, before }) {
    const asked = { token: this.token.get(), signal: AbortSignal.timeout?.(SILENCE) };
    try {
      if (type === "message") {
        await this.server.ask("/chat/messages", { ...asked, body: { id, text } });
        this.heard({ type: "stored", id });
      } else {
        const path = type === "end" ? "/chat/end" : `/chat/news?before=${before}`;
        this.heard({ ...(await this.server.ask(path, asked)), type: type === "end" ? "ended" : "earlier" });
      }
    } catch (problem) {
      const frame = problem.frame ?? { reason: "busy", retry_in: 3 };
      if (frame.reason === "session") {
        this.refuse(frame);
        this.polling?.abort();
      } else this.heard({ ...frame, type: "refused", id: id ?? null });
    }
  }
}

// ---- the conversation

/** What was said, and what is on its way; nothing twice. */
class Transcript {
  constructor() {
    this.outgoing = new Map(); // id → {id, text, state: queued | flying | held | stored | failed, at, after, note}
    this.clear();
  }

  clear() {
    Object.assign(this, { items: [], open: [], cursor: 0, more: false, moments: new Set(), notice: null });
    for (const message of this.outgoing.values()) if (message.state !== "failed") message.state = "queued";
  }

  /** Returns the items that were not known. */
  take({ items = [], cursor = 0, open = this.open, more }) {
    if (more !== undefined && !this.items.length) this.more = more;
    const fresh = items.filter((item) => item.cursor > this.cursor);
    this.items.push(...fresh);
    this.cursor = Math.max(this.cursor, cursor, fresh.at(-1)?.cursor ?? 0);
    for (const item of fresh) this.arrived(item.id);
    this.open = open.filter(({ id }) => !this.items.some((item) => item.id === id));
    for (const { id, state } of this.open) {
      // "failed" may be older than a retry
      if (state !== "waiting") this.moments.delete(id);
      if (state !== "failed" || this.outgoing.get(id)?.state === "stored") this.outgoing.delete(id);
    }
    return fresh;
  }

  arrived(id) {
    this.outgoing.delete(id);
    this.moments.delete(id);
  }

  takeEarlier({ items, more }) {
    const first = this.items[0]?.cursor ?? Infinity;
    this.items.unshift(...items.filter((item) => item.cursor < first));
    this.more = more;
  }

  add(id, text) {
    const message = { id, text, state: "queued", at: new Date().toISOString(), after: this.cursor };
    this.outgoing.set(id, message);
    return message;
  }

  grounded() {
    for (const message of this.outgoing.values()) if (message.state === "flying") message.state = "queued";
  }

  retry(id) {
    const known = this.outgoing.get(id) ?? this.open.find((message) => message.id === id);
    if (known) this.outgoing.set(id, { ...known, state: "queued", note: null });
  }

  /** One message at a time, so that their order holds. */
  next() {
    for (const message of this.outgoing.values()) {
      if (message.state === "queued") return message;
      if (message.state === "flying" || message.state === "held") return null;
    }
    return null;
  }

  unsent() {
    return [...this.outgoing.values()].filter(({ state }) => state !== "stored").map(({ text }) => text);
  }

  waitsFor(text) {
    return [...this.outgoing.values(), ...this.open].some((one) => one.text === text && one.state !== "failed");
  }

  get pending() {
    return [...this.outgoing.values()].some((message) => message.state !== "failed") || this.answering;
  }

  get answering() {
    const stored = [...this.outgoing.values()].some((message) => message.state === "stored");
    return stored || this.open.some(({ id, state }) => state === "waiting" && !this.outgoing.has(id));
  }

  entries() {
    const said = this.items.map((item) => this.saidEntry(item));
    const open = this.open.filter(({ id }) => !this.outgoing.has(id)).flatMap((message) => this.openEntries(message));
    const going = [...this.outgoing.values()].map((message) => {
      const order = message.state === "failed" ? message.after : Infinity;
      return { ...message, key: `v${message.id}`, from: "visitor", order };
    });
    const all = [...said, ...open, ...going].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
    if (this.notice) all.unshift({ key: "notice", from: "note", text: this.notice });
    return this.withChoices(all);
  }

  saidEntry(item) {
    return { ...item, key: item.id ? `v${item.id}` : `c${item.cursor}`, order: item.cursor, state: "answered" };
  }

  openEntries({ id, text, state, at, reply }) {
    const waits = state === "waiting";
    const before = this.items.filter((item) => Date.parse(item.at) <= Date.parse(at)).at(-1)?.cursor ?? 0;
    const order = waits ? Infinity : before;
    const message = { key: `v${id}`, from: "visitor", id, text, at, order, state: waits ? "stored" : state };
    if (waits || !reply) return [message];
    const retry = state === "failed" && id;
    message.state = "answered";
    return [message, { ...reply, key: `r${id}`, from: "assistant", at, order, retry }];
  }

  withChoices(entries) {
    const newest = this.items.at(-1)?.cursor;
    return entries.map((entry, place) => {
      const next = entries[place + 1];
      const chosen = next?.from === "visitor" ? next.text : null;
      return { ...entry, chosen, live: entry.cursor === newest && !this.pending };
    });
  }
}

class Conversation {
  constructor(line, transcript, view) {
    Object.assign(this, { line, transcript, view, ending: false, over: false, synced: false });
  }

  say(text) {
    const id = crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-"); // http
    this.view.said(this.transcript.add(id, text));
    this.flush();
  }

  retry(id) {
    this.transcript.retry(id);
    this.flush();
  }

  earlier() {
    this.line.send({ type: "earlier", before: this.transcript.items[0].cursor });
  }

  end() {
    this.ending = true;
    if (!this.line.send({ type: "end" })) this.line.wake();
  }

  anew() {
    this.over = this.ending = false;
    this.line.known = false;
    this.transcript.outgoing.clear();
    this.transcript.clear();
    this.view.show();
    this.line.start();
  }

  flush() {
    const next = this.transcript.next();
    if (next && this.line.send({ type: "message", id: next.id, text: next.text })) next.state = "flying";
    else if (next) this.line.wake();
    this.view.show();
  }

  changed(state) {
    if (this.over) return;
    this.view.connection(state);
    if (!this.line.up) return this.transcript.grounded();
    if (this.ending) this.line.send({ type: "end" });
    this.flush();
  }

  heard(frame) {
    if (!this.over) this[`on${frame.type}`]?.(frame);
  }

  onsession({ clinic, characters, first, instead }) {
    this.view.agreed({ clinic, characters });
    if (first) this.synced = true; // what comes is new
    if (instead) this.restart(this.view.texts.say("lost"));
  }

  onwelcome(frame) {
    this.onnews(frame);
  }

  onnews(frame) {
    const { synced } = this;
    this.synced = true;
    const failed = new Set(this.transcript.open.filter((one) => one.reply).map((one) => one.id));
    const fresh = this.transcript.take(frame);
    const replies = this.transcript.open.filter((one) => one.reply && !failed.has(one.id));
    const answers = replies.map((one) => ({ ...one.reply, from: "assistant" }));
    this.flush();
    if (synced) this.view.arrived([...fresh.filter((item) => item.from !== "visitor"), ...answers]);
  }

  onstored({ id }) {
    const message = this.transcript.outgoing.get(id);
    if (message) message.state = "stored";
    this.view.hint();
    this.flush();
  }

  onrefused({ id, reason, retry_in: seconds, text }) {
    const message = this.transcript.outgoing.get(id);
    const later = reason === "slow" || reason === "busy";
    if (later) this.view.hint(reason);
    if (!message) {
      if (later && this.ending) setTimeout(() => this.ending && this.end(), (seconds ?? 3) * 1000);
      return;
    }
    Object.assign(message, { state: later ? "held" : "failed", note: later ? null : reason, words: text });
    if (later) setTimeout(() => this.release(message), Math.max(0.5, seconds ?? 3) * 1000);
    this.flush();
  }

  release(message) {
    if (message.state !== "held") return;
    message.state = "queued";
    this.flush();
  }

  onmoment({ id }) {
    if (this.transcript.moments.has(id)) return;
    this.transcript.moments.add(id);
    this.view.show();
    this.view.announce(this.view.texts.say("one_moment"));
  }

  onearlier(frame) {
    this.transcript.takeEarlier(frame);
    this.view.showEarlier();
  }

  ontyping() {
    this.view.typing();
  }

  onlost() {
    if (this.ending) return this.onended({});
    this.transcript.clear();
    this.synced = false;
    this.view.show();
  }

  /** With `goes_on` a new chat of the same session has begun. */
  onended({ receipt, texts = [], goes_on: on }) {
    const words = receipt ? this.view.texts.say("receipt", { receipt }) : texts.join(" ");
    this.ending = false;
    if (on) return this.restart(`${this.view.texts.say("ended")}. ${words}`);
    this.over = true;
    this.line.stop();
    this.line.forget();
    this.transcript.outgoing.clear();
    this.transcript.clear();
    this.view.ended(words);
  }

  restart(notice) {
    this.transcript.clear();
    this.transcript.notice = notice;
    this.view.announce(notice);
    this.flush();
  }
}

// ---- texts as nodes

const URLS = /https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
const NUMBERS = /(?<![\d,.$/-])(?:911|988|112|999|\+?\(?\d[\d ().-]{7,18}\d)(?![\d,/-]*\d)/g;

/** Anything but https, mailto and tel stays text. */
function link(address, label, attributes) {
  if (!/^(https:\/\/|mailto:|tel:)/i.test(address ?? "")) return label;
  const opens = /^https/i.test(address) && { target: "_blank" };
  return h("a", { href: address, rel: "noopener noreferrer", ...opens, ...attributes }, label);
}

function page(address) {
  const { href, protocol } = new URL(address, document.baseURI);
  return /^https?:$/.test(protocol) ? href : null;
}

function prose(text, marking) {
  return text.trim().split(/\n\s*\n/).flatMap((block) => {
    const parts = [];
    for (const line of block.split("\n")) {
      const tag = /^[-•] /.test(line) ? "ul" : "p";
      if (parts.at(-1)?.localName !== tag) parts.push(h(tag));
      else if (tag === "p") parts.at(-1).append(h("br"));
      parts.at(-1).append(...(tag === "ul" ? [h("li", null, ...marked(line.slice(2), marking))] : marked(line, marking)));
    }
    return parts;
  });
}

function marked(line, { tab, call }) {
  const addresses = split(line, URLS, (found) => link(found, found, { "aria-label": `${found} ${tab}` }));
  if (!call) return addresses;
  return addresses.flatMap((part) => (typeof part === "string" ? split(part, NUMBERS, (found) => dial(found, call)) : part));
}

function dial(found, call) {
  const digits = found.replace(/[^\d+]/g, "");
  const usable = digits.length === 3 || digits.length > 8;
  return usable ? link(`tel:${digits}`, found, { class: "dial", "aria-label": call(found) }) : found;
}

function split(text, pattern, make) {
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(pattern)) {
    parts.push(text.slice(from, index), make(found));
    from = index + found.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

// ---- messages

class VisitorMessage {
  constructor({ id, text }, { texts, again }) {
    Object.assign(this, { texts, retry: () => again(id) });
    this.status = h("div", { class: "fate" });
    this.bubble = h("div", { class: "bubble", dir: "auto" }, text);
    this.element = h("li", { part: "message", "data-from": "visitor" }, hidden(`${texts.say("you")}: `), this.bubble, this.status);
  }

  update({ state, note, words }, newest) {
    const shown = state === "answered" || (state === "stored" && !newest) ? "" : state + (note ?? "");
    if (this.shown === shown) return;
    this.shown = shown;
    const { texts } = this;
    const fates = { queued: "sending", flying: "sending", held: "held", stored: "sent", failed: "not_sent" };
    const fate = fates[state] ?? state;
    this.element.dataset.state = fate;
    this.status.textContent = shown && `${texts.say(fate)} ${note ? texts.say(note) || words : ""}`.trim();
    if (state === "failed" && note !== "long") this.status.append(" ", retryButton(texts, this.retry));
  }
}

function retryButton(texts, retry, look = "quiet") {
  return h("button", { part: "retry", class: look, onclick: retry }, texts.say("retry"));
}

/** A turn of the assistant's. */
class AssistantMessage {
  constructor(entry, context) {
    Object.assign(this, context);
    this.entry = entry;
    const { payload = {} } = entry;
    const look = [payload.kind, payload.state].filter(Boolean).join("-");
    this.element = h(
      "li",
      { part: "message", "data-from": entry.from, "data-kind": payload.kind, "data-look": look },
      hidden(`${this.texts.say("assistant")}: `),
      this.heading(payload),
      this.progress(entry),
      this.words(entry),
      payload.reference && this.reference(payload.reference),
      this.sources(payload),
    );
    if (payload.sources) this.element.append(...this.element.querySelectorAll("[part=progress],.asked"));
    this.choices = this.offered(entry);
  }

  heading({ kind, state, field }) {
    const known = { urgent: ["alert", "urgent"], error: ["alert", "trouble"], assessment: ["form", "result"] };
    const states = { review: ["form", "review"], submitted: ["check", "submitted"], failed: ["alert", "trouble"] };
    const found = known[kind] ?? (kind === "handoff" && states[state]);
    const [drawn, words] = found || (field === "summary" ? ["form", "summary"] : []);
    return drawn && h("strong", { class: "heading" }, icon(ICONS[drawn]), this.texts.say(words));
  }

  progress({ texts, payload = {} }) {
    const place = FIELDS.indexOf(payload.field) + 1;
    const counted = texts.some((text) => COUNTED.test(text));
    const asks = payload.kind === "question" || payload.kind === "answer" || counted;
    if (!place || !asks || (place === 1 && !counted)) return null; // the hand-off asks it too
    const told = this.texts.say("progress", { number: place, total: FIELDS.length });
    const bar = h("progress", { max: FIELDS.length, value: place, "aria-label": told });
    this.counted = counted;
    return h("div", { part: "progress" }, h("span", { "aria-hidden": "true" }, told), bar);
  }

  words({ texts, payload = {} }) {
    const call = payload.kind === "urgent" && ((number) => this.texts.say("call", { number }));
    const marking = { call, tab: this.texts.say("new_tab") };
    const lang = payload.language ?? ANSWERS;
    const parts = texts.map((text) => {
      const asks = this.counted && COUNTED.test(text);
      const said = prose(asks ? text.replace(COUNTED, "") : text, marking); // the bar says the number
      return h("div", { class: `words ${asks ? "asked" : ""}`, lang, dir: "auto" }, said);
    });
    return h("div", { class: "text" }, parts);
  }

  reference(reference) {
    return h("p", { part: "reference" }, `${this.texts.say("reference")} `, h("b", null, reference));
  }

  sources({ sources, reasons, reviewed_on: day, reviewed_by: who }) {
    const { texts } = this;
    const because = (reasons ?? []).map((reason) => reason.source).filter((source) => source?.title);
    const all = [...new Map([...(sources ?? []), ...because].map((source) => [source.id ?? source.title, source])).values()];
    if (!all.length) return null;
    const by = who === "editors" ? texts.say("editors") : who;
    return h(
      "details",
      { part: "sources" },
      h("summary", null, texts.say("sources", { count: all.length })),
      h("ul", null, all.map((source) => this.source(source))),
      day && h("p", { class: "small" }, texts.say("compared", { date: texts.date(day), who: by })),
    );
  }

  source({ title, url, publisher, date, strength }) {
    const { texts } = this;
    const label = [h("span", { lang: ANSWERS }, title)];
    if (/^https:/i.test(url ?? "")) label.push(icon(ICONS.out), hidden(` ${texts.say("new_tab")}`));
    const about = [publisher, texts.date(date), texts.say(`evidence_${strength}`)].filter(Boolean).join(" · ");
    const name = link(url, h("span", null, label));
    return h("li", { "data-strength": strength }, name, h("span", { class: "small" }, about));
  }

  offered({ buttons = [], payload = {}, retry }) {
    const { texts, again } = this;
    const button = (title, quiet, label = title) => {
      const lang = label === title ? ANSWERS : null;
      const press = () => this.live && this.choose(title);
      return h("button", { class: quiet ? "quiet" : "choice", "data-title": title, lang, dir: "auto", onclick: press }, label);
    };
    const loud = buttons.filter((title) => !QUIET.includes(title)).map((title) => button(title));
    const quiet = buttons.filter((title) => QUIET.includes(title)).map((title) => button(title, true));
    if (this.counted) quiet.push(button(texts.say("stop_ask"), true, texts.say("stop")));
    const group = (part, all) => all.length && h("div", { part, role: "group", "aria-label": texts.say("choices") }, all);
    this.element.append(...[group("choices", loud), group("asides", quiet)].filter(Boolean));
    if (retry) this.element.append(retryButton(texts, () => again(retry), "choice"));
    return [...loud, ...quiet];
  }

  update({ live, chosen }) {
    this.live = live;
    for (const button of this.choices) {
      const taken = !live && button.dataset.title === chosen;
      button.setAttribute("aria-disabled", String(!live));
      if (!button.toggleAttribute("data-chosen", taken)) button.querySelectorAll(".icon, .unseen").forEach((mark) => mark.remove());
      else if (!button.children.length) button.append(icon(ICONS.check), hidden(` ${this.texts.say("chosen")}`));
    }
  }
}

/** A person of the clinic; and a line of the widget's own. */
class OtherMessage {
  constructor({ from, text, texts: said, payload = {} }, { texts, terms }) {
    const name = texts.say("person", terms);
    const passes = payload.state === "joined" || payload.state === "left";
    const note = passes ? said[0] ?? texts.say(payload.state, { name }) : text;
    this.element = h("li", { part: "message", "data-from": from, "data-state": payload.state });
    if (note) return void this.element.append(h("p", { class: "note" }, note));
    const words = said.flatMap((one) => prose(one, { tab: texts.say("new_tab") }));
    this.element.append(h("strong", { class: "heading" }, name), h("div", { class: "text", dir: "auto" }, words));
  }

  update() {}
}

// ---- the transcript on the screen

/** The messages, keyed, so that none moves or loses the focus. */
class MessageList {
  constructor(context) {
    const { texts } = context;
    Object.assign(this, { ...context, context, views: new Map(), following: true, last: 0 });
    this.list = h("ol", { part: "messages", role: "list" });
    this.more = h("button", { part: "earlier", class: "quiet", hidden: true, onclick: () => this.conversation.earlier() }, texts.say("earlier"));
    this.typing = h("div", { part: "typing", class: "typing", hidden: true }, h("i"), h("i"), h("i"), (this.slow = h("span")));
    this.newer = h("button", { part: "newer", hidden: true, onclick: () => this.jump() }, texts.say("newer"), icon(ICONS.down));
    this.greeting = this.greet();
    this.element = h(
      "div",
      { part: "transcript", role: "region", tabindex: "0", "aria-label": texts.say("region"), onscroll: () => this.scrolled() },
      ...[this.more, this.greeting, this.list, this.typing],
    );
  }

  greet() {
    const { texts, choose } = this;
    const starters = (texts.words.starters ?? []).map(({ label, ask }) =>
      h("button", { class: "choice", onclick: () => choose(ask ?? label) }, label),
    );
    this.starters = h("div", { part: "starters", role: "group", "aria-label": texts.say("starters_label") }, starters);
    const words = prose(this.option("greeting") ?? texts.say("greeting"), { tab: texts.say("new_tab") });
    return h("div", { part: "greeting", class: "text", dir: "auto" }, words, this.starters);
  }

  show() {
    const { transcript } = this;
    const entries = transcript.entries();
    const known = new Set(entries.map((entry) => entry.key));
    for (const [key, view] of this.views) if (!known.has(key)) this.views.delete(key), view.element.remove();
    const newest = entries.filter((entry) => entry.from === "visitor").at(-1);
    entries.forEach((entry, place) => this.place(entry, place, entry === newest, entries[place - 1]));
    this.starters.hidden = entries.some((entry) => entry.from !== "note");
    this.more.hidden = !transcript.more;
    this.greeting.hidden = transcript.more;
    this.typing.hidden = !transcript.answering && !this.someone;
    this.slow.textContent = transcript.moments.size ? this.texts.say("one_moment") : "";
    if (this.following) this.toEnd();
  }

  place(entry, place, newest, before) {
    let view = this.views.get(entry.key);
    if (!view) {
      const kinds = { visitor: VisitorMessage, staff: OtherMessage, note: OtherMessage };
      view = new (kinds[entry.from] ?? AssistantMessage)(entry, this.context);
      this.views.set(entry.key, view);
      this.stamp(view.element, entry, before);
    }
    view.update(entry, newest);
    if (this.list.children[place] !== view.element) this.list.insertBefore(view.element, this.list.children[place] ?? null);
  }

  stamp(element, { at }, before) {
    if (!at || (before?.at && Date.parse(at) - Date.parse(before.at) < 30 * 60_000)) return;
    element.prepend(h("time", { datetime: at }, this.texts.when(at)));
  }

  /** In a low window the whole panel scrolls. */
  get low() {
    return getComputedStyle(this.element).overflowY === "visible";
  }

  get scroller() {
    return this.low ? this.element.closest("section") : this.element;
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  scrolled() {
    if (Math.abs(this.scroller.scrollTop - this.last) < 2) return;
    if (this.atEnd) this.follow();
    else this.following = false;
  }

  follow() {
    this.following = true;
    this.newer.hidden = true;
  }

  /** A long answer is shown from its beginning. */
  toEnd() {
    const { scroller, list, low } = this;
    if (low && scroller.querySelector("textarea:focus:not(:placeholder-shown)")) return; // it would leave the view
    const newest = list.lastElementChild;
    const question = newest?.previousElementSibling;
    const both = !low && question?.dataset.from === "visitor" && newest.dataset.from !== "visitor";
    scroller.scrollTop = newest ? (both ? question : newest).offsetTop - 12 : 0;
    this.last = scroller.scrollTop;
  }

  arrived() {
    if (!this.following) this.newer.hidden = false;
  }

  person() {
    clearTimeout(this.someone);
    this.someone = setTimeout(() => ((this.someone = null), this.show()), 6000);
    this.show();
  }

  jump() {
    this.follow();
    this.toEnd();
    this.element.focus({ preventScroll: true });
  }

  /** What is being read stays where it is. */
  showEarlier() {
    const { element, scroller } = this;
    const focused = this.more.matches(":focus");
    const below = scroller.scrollHeight - scroller.scrollTop;
    this.following = false;
    this.show();
    scroller.scrollTop = scroller.scrollHeight - below;
    this.last = scroller.scrollTop;
    if (focused && this.more.hidden) element.focus({ preventScroll: true });
  }
}

// ---- composer

class Composer {
  constructor({ texts, draft, terms, choose, tell }) {
    Object.assign(this, { texts, draft, terms, choose, tell, told: 0 });
    this.field = h("textarea", {
      ...{ id: "field", part: "field", rows: "1", enterkeyhint: "send", autocomplete: "off", dir: "auto" },
      ...{ placeholder: texts.say("placeholder"), "aria-describedby": "count" },
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
    this.count = h("span", { id: "count", part: "count", class: "small" });
    this.element = h(
      "form",
      { part: "composer", onsubmit: (event) => (event.preventDefault(), this.send()) },
      h("label", { for: "field", class: "unseen" }, texts.say("field")),
      h("div", { class: "box" }, this.field, h("button", { part: "send", "aria-label": texts.say("send") }, icon(ICONS.send))),
      this.count,
    );
    this.write(draft.get() ?? "");
  }

  /** Enter sends, but not the one that ends an input method's composition. */
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const text = this.field.value.trim();
    if (this.left < 0) this.tell(this.count.textContent);
    else if (text) {
      this.write("");
      this.choose(text, true);
    }
    this.field.focus({ preventScroll: true });
  }

  write(text) {
    this.field.value = text;
    this.typed();
  }

  get left() {
    return this.terms.characters - lengthOf(this.field.value.trim());
  }

  typed() {
    this.draft.set(this.field.value || null);
    this.grow();
    const { left, texts } = this;
    const near = left <= this.terms.characters - COUNT_FROM;
    const over = left < 0;
    this.count.textContent = near ? texts.say(over ? "count_over" : "count_left", { count: Math.abs(left) }) : "";
    this.element.toggleAttribute("data-over", over);
    this.field.setAttribute("aria-invalid", String(over));
    const step = !near ? 0 : over ? 4 : left > 50 ? 1 : left > 10 ? 2 : 3;
    if (step > this.told) this.tell(this.count.textContent);
    this.told = step;
  }

  grow() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = field.scrollHeight ? `${field.scrollHeight}px` : "";
  }
}

// ---- panel

/** A hidden log of what is new, emptied soon. */
class Announcer {
  constructor(label) {
    this.element = h("div", { part: "log", role: "log", class: "unseen", "aria-live": "polite", "aria-label": label });
  }

  tell(text) {
    if (text) this.element.append(h("p", null, text));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.element.replaceChildren(), 1000);
  }
}

class Ending {
  constructor({ texts, onEnd, onCancel, onAnew }) {
    this.texts = texts;
    this.no = h("button", { class: "choice", "data-action": "keep", onclick: onCancel }, texts.say("end_no"));
    this.yes = h("button", { class: "choice danger", "data-action": "end", onclick: onEnd }, texts.say("end_yes"));
    this.anew = h("button", { class: "choice", "data-action": "anew", onclick: onAnew }, texts.say("anew"));
    this.title = h("h3", { id: "ending", tabindex: "-1" });
    this.words = h("p", { id: "ending-words" });
    this.buttons = h("div", { class: "stack" });
    const described = { "aria-labelledby": "ending", "aria-describedby": "ending-words" };
    this.element = h("div", { part: "ending", hidden: true, ...described }, this.title, this.words, this.buttons);
  }

  fill(state, title, words, ...buttons) {
    Object.assign(this.element.dataset, { state });
    this.element.setAttribute("role", state === "ask" ? "alertdialog" : "group");
    this.title.textContent = title;
    this.words.textContent = words;
    this.buttons.replaceChildren(...buttons);
    this.element.hidden = false;
  }

  ask() {
    this.fill("ask", this.texts.say("end_title"), this.texts.say("end_words"), this.no, this.yes);
  }

  wait() {
    this.fill("wait", this.texts.say("ending"), "");
  }

  done(words) {
    this.fill("done", this.texts.say("ended"), words, this.anew);
  }
}

class Panel {
  constructor(context) {
    const { texts, list, composer } = context;
    Object.assign(this, context);
    this.announcer = new Announcer(texts.say("log"));
    this.ending = new Ending({
      texts,
      onEnd: () => this.endNow(),
      onCancel: () => this.cancelEnd(),
      onAnew: () => (this.conversation.anew(), this.uncover(), this.goOn()),
    });
    this.status = h("div", { part: "status", role: "status" });
    this.main = h("div", { class: "main" }, list.element, list.newer, composer.element);
    this.element = h(
      "section",
      { part: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true, onscroll: () => list.scrolled() },
      ...[this.header(), this.status, this.main, this.ending.element, this.help(), this.announcer.element],
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("click", (event) => {
      const inside = event.composedPath().some((one) => one === this.menu || one === this.more);
      if (!this.menu.hidden && !inside) this.toggleMenu(false);
    });
  }

  header() {
    const { texts } = this;
    const press = () => this.toggleMenu();
    const more = { part: "menu-button", class: "tool", "aria-expanded": "false", "aria-controls": "menu", onclick: press };
    this.more = h("button", { ...more, "aria-label": texts.say("menu") }, icon(ICONS.more));
    const ask = () => this.askEnd();
    this.menu = h(
      "div",
      { id: "menu", part: "menu", hidden: true },
      h("button", { "data-action": "ask-end", onclick: ask }, texts.say("end")),
    );
    const close = { part: "close", class: "tool", "aria-label": texts.say("close"), onclick: this.close };
    const title = h("h2", { id: "title" }, this.option("title") ?? texts.say("title"));
    return h(
      "header",
      { part: "header" },
      h("span", { class: "face" }, icon(ICONS.strand)),
      h("div", { class: "name" }, title, h("p", { part: "nature" }, texts.say("nature"))),
      ...[this.more, this.menu, h("button", close, icon(ICONS.close))],
    );
  }

  help() {
    const { texts, option, choose, transcript } = this;
    const ask = (text) => transcript.waitsFor(text) || choose(text);
    const number = option("emergency") ?? "911";
    const site = option("privacy");
    const privacy = site
      ? h("a", { href: page(site), part: "privacy", target: "_blank", rel: "noopener noreferrer" }, texts.say("privacy"))
      : h("button", { part: "privacy", onclick: () => ask(texts.say("privacy_ask")) }, texts.say("privacy"));
    return h(
      "footer",
      { part: "help" },
      h("button", { part: "person", onclick: () => ask(texts.say("person_ask")) }, texts.say("talk")),
      link(`tel:${number.replace(/[^\d+]/g, "")}`, texts.say("emergency", { number }), { part: "emergency" }),
      privacy,
    );
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.escape(event);
    if (event.key === "Tab" && this.full) this.trap(event);
  }

  escape(event) {
    event.stopPropagation();
    if (!this.menu.hidden) this.toggleMenu();
    else if (this.ending.element.dataset.state === "ask" && !this.ending.element.hidden) this.cancelEnd();
    else this.close();
  }

  trap(event) {
    const all = [...this.element.querySelectorAll("a[href], button, textarea, summary, [tabindex='0']")];
    const stops = all.filter((one) => !one.closest("[inert]") && (one.checkVisibility?.() ?? one.getClientRects().length));
    const here = this.element.getRootNode().activeElement;
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (here !== edge && here !== this.element) return;
    if (here === this.element && !event.shiftKey) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  toggleMenu(focus = true) {
    this.menu.hidden = !this.menu.hidden;
    this.more.setAttribute("aria-expanded", String(!this.menu.hidden));
    if (focus) (this.menu.hidden ? this.more : this.menu.firstElementChild).focus();
  }

  askEnd() {
    this.toggleMenu();
    this.ending.ask();
    this.cover(true);
    this.ending.no.focus();
  }

  cancelEnd() {
    this.uncover();
    this.more.focus();
  }

  endNow() {
    this.ending.wait();
    this.ending.title.focus();
    this.conversation.end();
  }

  cover(covered) {
    this.main.inert = covered;
    this.main.hidden = covered;
    this.more.hidden = covered;
  }

  uncover() {
    this.ending.element.hidden = true;
    this.cover(false);
  }

  ended(words) {
    const within = this.element.contains(this.element.getRootNode().activeElement);
    this.composer.write("");
    this.menu.hidden = true;
    this.ending.done(words);
    this.cover(true);
    this.connection("ended");
    if (within) this.ending.title.focus(); // what had the focus is gone
    else this.announcer.tell(this.texts.say("ended"));
  }

  connection(state) {
    this.element.dataset.state = state;
    const known = { offline: 0, waiting: 1200, connecting: 1200 }; // not for a blink
    this.hint(state in known && state, known[state]);
  }

  hint(key, delay = 0) {
    clearTimeout(this.patience);
    const text = key ? this.texts.say(key) : "";
    const show = () => this.status.textContent === text || (this.status.textContent = text);
    if (delay && text) this.patience = setTimeout(show, delay);
    else show();
  }
}

// ---- the element

class StrandChat extends HTMLElement {
  connectedCallback() {
    this.gone = new AbortController();
    if (this.panel) return this.attend();
    if (this.started) return;
    this.started = true;
    this.ready = new Promise((resolve) => whenIdle(() => resolve(this.build().catch(() => false))));
  }

  disconnectedCallback() {
    this.gone.abort();
    this.line?.stop();
  }

  terms = { characters: 1000, clinic: "" };
  option = (name) => this.getAttribute(`data-${name}`) ?? this.getAttribute(name);
  flag = (name) => this.option(name) !== null && this.option(name) !== "false";

  get language() {
    const page = this.closest("[lang]")?.lang;
    const wanted = [this.option("language"), page, ...(navigator.languages ?? [])].filter(Boolean);
    return wanted.map((name) => name.slice(0, 2).toLowerCase()).find((name) => LANGUAGES.includes(name)) ?? LANGUAGES[0];
  }

  async build() {
    const server = (this.option("server") || SERVER).replace(/\/+$/, "");
    this.texts = await Texts.load(server, this.language, this.option("language-file"));
    this.draft = new Kept("sessionStorage", `${TAG}-draft ${server}`);
    this.token = new Kept("localStorage", `${TAG} ${server}`);
    this.transcript = new Transcript();
    this.line = new Line(new Server(server), this.token, {
      cursor: () => this.transcript.cursor,
      heard: (frame) => this.conversation.heard(frame),
      changed: (state) => this.conversation.changed(state),
    });
    this.conversation = new Conversation(this.line, this.transcript, this);
    this.draw();
    this.removeAttribute("title"); // no tooltip
    this.attend();
    if (this.flag("open")) this.ready.then(() => this.open({ focus: false }));
    return true;
  }

  draw() {
    const { texts, transcript, conversation, terms, draft, option } = this;
    const choose = (text, typed) => this.choose(text, typed);
    const tell = (text) => this.panel?.announcer.tell(text);
    const again = (id) => (conversation.retry(id), this.goOn());
    const goOn = () => this.goOn();
    const context = { texts, transcript, conversation, terms, draft, option, choose, again, goOn, tell };
    this.list = new MessageList(context);
    this.composer = new Composer(context);
    const { list, composer } = this;
    this.panel = new Panel({ ...context, list, composer, close: () => this.close() });
    this.badge = h("span", { part: "badge", hidden: true });
    const controls = { "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.toggle() };
    this.launcher = h("button", { part: "launcher", ...controls }, icon(ICONS.chat), this.badge);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets(this.option("theme"));
    const direction = this.getAttribute("dir") ?? texts.words.direction ?? getComputedStyle(this).direction;
    const position = this.option("position");
    const side = position && (position === "left") !== (direction === "rtl") ? "start" : "end";
    this.frame = h("div", { class: "frame", dir: direction, lang: texts.language, "data-side": side }, this.panel.element, this.launcher);
    root.append(this.frame);
    this.unread = 0;
    this.name();
  }

  attend() {
    const { signal } = this.gone;
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    this.full = matchMedia("(max-width: 480px), (max-height: 480px)");
    on(this.full, "change", () => this.fit());
    on(window.visualViewport, "resize", () => this.fit());
    on(window.visualViewport, "scroll", () => this.fit());
    on(window, "online", () => this.line.wake());
    on(window, "offline", () => this.line.hangUp());
    on(window, "pagehide", () => {
      this.line.stop();
      this.draft.set([...this.transcript.unsent(), this.composer.field.value].join("\n\n").trim());
    });
    on(window, "pageshow", (event) => event.persisted && (this.composer.typed(), this.resume()));
    on(document, "visibilitychange", () => this.seen());
    on(window, "storage", (event) => event.key === this.token.key && this.line.wake());
    this.resume();
    this.fit();
  }

  resume() {
    if (this.used && !this.conversation.over) this.line.start();
  }

  seen() {
    if (document.hidden || !this.line.running) return;
    this.line.wake();
    if (this.line.socket?.welcomed) this.line.renew(); // a socket that slept may be dead
  }

  /** Full screen on a small one, above the phone's keyboard. */
  fit() {
    const full = (this.panel.full = this.full.matches);
    const { style } = this.panel.element;
    const { height, offsetTop, scale } = window.visualViewport;
    const pinched = scale > 1.01; // then the visitor looks around by hand
    this.frame.toggleAttribute("data-full", full);
    this.panel.element.setAttribute("aria-modal", String(full));
    style.setProperty("--view-height", pinched ? "100dvh" : `${height}px`);
    style.setProperty("--view-top", pinched ? "0px" : `${offsetTop}px`);
    if (this.list.following && !(this.list.low && this.composer.field.matches(":focus"))) this.list.toEnd();
  }

  async open({ focus = true } = {}) {
    if (!(await this.ready) || this.opened) return;
    this.opened = this.used = true;
    this.before = document.activeElement;
    this.unread = 0;
    this.panel.element.hidden = false;
    this.name();
    this.composer.grow();
    if (!this.conversation.over) this.line.start();
    this.list.show();
    this.list.toEnd();
    if (focus) this.goOn();
    this.event("open");
  }

  close() {
    if (!this.opened) return;
    this.opened = false;
    this.panel.element.hidden = true;
    this.name();
    (this.flag("hidden") ? this.before : this.launcher)?.focus();
    this.event("close");
  }

  toggle() {
    return this.opened ? this.close() : this.open();
  }

  async ask(text) {
    const said = String(text ?? "").trim();
    await this.open();
    if (!this.panel || !said) return;
    if (lengthOf(said) > this.terms.characters) return this.composer.write(said);
    this.choose(said);
  }

  choose(text, typed) {
    if (this.conversation.ending) return;
    if (this.conversation.over) this.conversation.anew();
    this.panel.uncover();
    this.list.follow();
    this.conversation.say(text);
    if (!typed) this.goOn();
  }

  /** Not to the field where that raises a keyboard. */
  goOn() {
    if (this.conversation.over) this.panel.ending.title.focus();
    else (coarse() ? this.panel.element : this.composer.field).focus({ preventScroll: true });
  }

  event(name, detail) {
    this.dispatchEvent(new CustomEvent(`strand-${name}`, { bubbles: true, composed: true, detail }));
  }

  name() {
    const { texts, launcher, badge, opened, unread } = this;
    launcher.setAttribute("aria-expanded", String(Boolean(opened)));
    launcher.setAttribute("aria-label", opened ? texts.say("close") : texts.say(unread ? "open_new" : "open", { count: unread }));
    launcher.firstElementChild.replaceWith(icon(opened ? ICONS.down : ICONS.chat));
    badge.hidden = !unread;
    badge.textContent = unread;
  }

  said(message) {
    this.panel.announcer.tell(`${this.texts.say("you")}: ${message.text}`);
    this.event("message", { from: "visitor" });
  }

  show() {
    this.list.show();
  }

  showEarlier() {
    this.list.showEarlier();
  }

  agreed(terms) {
    Object.assign(this.terms, terms);
  }

  connection(state) {
    this.panel.connection(state);
  }

  hint(key) {
    this.panel.hint(key);
  }

  typing() {
    this.list.person();
  }

  announce(text) {
    this.panel.announcer.tell(text);
  }

  arrived(items) {
    if (!items.length) return;
    this.list.arrived();
    for (const item of items) this.tellOf(item);
    if (this.opened) return;
    this.unread += items.length;
    this.name();
  }

  tellOf({ from, texts: said = [], buttons = [], payload = {} }) {
    const { texts } = this;
    const who = from === "staff" ? texts.say("person", this.terms) : texts.say("assistant");
    const choices = buttons.length ? ` ${texts.say("choices")}: ${buttons.join(", ")}` : "";
    const passes = from === "staff" && payload.state !== "message";
    this.panel.announcer.tell(passes ? said[0] ?? texts.say(payload.state, { name: who }) : `${who}: ${said.join(" ")}${choices}`);
    this.event("message", { from, kind: payload.kind });
    if (payload.kind === "handoff") this.event("handoff", { state: payload.state });
  }

  ended(words) {
    this.list.show();
    this.panel.ended(words);
    this.event("ended");
  }
}

// ---- looks

/** Light and dark. */
const COLOURS = {
  accent: ["#17655d", "#8cd5c7"],
  "on-accent": ["#fff", "#06231f"],
  surface: ["#fff", "#161e1d"],
  "surface-soft": ["#f2f6f5", "#202a28"],
  text: ["#1b2725", "#e7eeec"],
  "text-soft": ["#52615d", "#a7b6b2"],
  line: ["#dce4e2", "#32403d"],
  control: ["#74857f", "#80918c"],
  danger: ["#9d2419", "#ffb3a7"],
  "danger-soft": ["#fdf1ef", "#39201c"],
  shadow: ["0 2px 6px #0d26221a,0 16px 48px #0d262233", "0 2px 6px #0006,0 16px 48px #0009"],
};
const LOOKS = `
:host{all:initial;display:block!important;
  --_radius:var(--strand-radius,20px);--_gap:var(--strand-offset,20px);--_launcher:var(--strand-launcher-size,60px)}
*,::before,::after{box-sizing:border-box}
[hidden]{display:none!important}
.frame{font:var(--strand-font-size,16px)/1.5 var(--strand-font,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif);
  color:var(--_text)}
button,textarea{font:inherit;color:inherit}
button{margin:0;padding:0;border:0;background:none;cursor:pointer;text-align:start}
h2,h3,p,ul,ol{margin:0;padding:0;font-size:inherit}
a{color:var(--_accent);text-underline-offset:2px}
:focus{outline:none}
:focus-visible{outline:3px solid var(--_accent);outline-offset:2px}
.unseen{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icon{inline-size:1.5em;block-size:1.5em;flex:none;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.small{font-size:.8125em;color:var(--_text-soft)}

[part=launcher],[part=panel]{position:fixed;z-index:var(--strand-z-index,2147483000)}
[part=launcher]{inset-block-end:calc(var(--_gap) + env(safe-area-inset-bottom));inset-inline-end:var(--_gap);
  display:grid;place-items:center;inline-size:var(--_launcher);block-size:var(--_launcher);border-radius:50%;
  color:var(--_on-accent);background:var(--_accent);box-shadow:var(--_shadow);border:2px solid transparent;transition:transform .15s}
[part=launcher]:hover{transform:scale(1.05)}
[part=launcher]:focus-visible{border-color:var(--_surface)}
[part=launcher] .icon{inline-size:28px;block-size:28px}
[part=badge]{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;padding:0 6px;border-radius:11px;
  font-size:13px;line-height:22px;text-align:center;font-weight:600;color:var(--_surface);background:var(--_danger)}
:host([hidden]) [part=launcher],:host([data-hidden]) [part=launcher]{display:none}
[part=panel]{inset-block-end:calc(var(--_gap) + var(--_launcher) + 14px + env(safe-area-inset-bottom));inset-inline-end:var(--_gap);
  display:flex;flex-direction:column;inline-size:min(var(--strand-width,408px),calc(100vw - 2*var(--_gap)));
  block-size:min(var(--strand-height,720px),calc(100dvh - var(--_launcher) - 2*var(--_gap) - 20px));
  overflow:hidden;border:1px solid var(--_line);border-radius:var(--_radius);
  background:var(--_surface);box-shadow:var(--_shadow);animation:rise .2s ease-out}
[part=panel]:focus-visible{outline-offset:-3px}
[data-side=start] [part=launcher],[data-side=start] [part=panel]{inset-inline:var(--_gap) auto}
[data-full] [part=panel]{inset:var(--view-top,0) 0 auto;inline-size:auto;block-size:var(--view-height,100dvh);border:0;border-radius:0}
[data-full] [part=panel]:not([hidden])+[part=launcher]{display:none}
@keyframes rise{from{opacity:0;transform:translateY(12px)}}

[part=header]{position:relative;display:flex;align-items:center;gap:0;padding-block:max(12px,env(safe-area-inset-top)) 12px;padding-inline:16px 8px;border-block-end:1px solid var(--_line)}
.face{display:grid;place-items:center;flex:none;inline-size:40px;block-size:40px;border-radius:50%;color:var(--_on-accent);background:var(--_accent)}
.name{flex:1;min-inline-size:0;margin-inline-start:12px;line-height:1.3}
.name h2{font-weight:650;overflow-wrap:anywhere}
.name p{font-size:.8125em;color:var(--_text-soft)}
.tool{display:grid;place-items:center;flex:none;inline-size:44px;block-size:44px;border-radius:50%;color:var(--_text-soft)}
.tool:hover{background:var(--_surface-soft);color:var(--_text)}
.tool:focus-visible{outline-offset:-3px}
[part=menu-button] .icon{stroke-width:3}
[part=menu]{position:absolute;z-index:2;inset-block-start:calc(100% - 6px);inset-inline-end:12px;max-inline-size:calc(100% - 24px);padding:6px;
  border:1px solid var(--_line);border-radius:14px;background:var(--_surface);box-shadow:var(--_shadow)}
[part=menu] button{display:block;min-block-size:44px;padding:8px 14px;border-radius:9px;color:var(--_danger)}
[part=menu] button:hover{background:var(--_danger-soft)}
[part=status]{padding:8px 16px;font-size:.875em;background:var(--_surface-soft);border-block-end:1px solid var(--_line)}
[part=status]:empty{padding:0;border:0}

.main{position:relative;display:flex;flex-direction:column;flex:1;min-block-size:0}
[part=transcript]{position:relative;flex:1;min-block-size:0;padding:20px 16px;overflow:hidden auto;overscroll-behavior:contain;overflow-anchor:none}
[part=transcript]:focus-visible{outline-offset:-3px}
[part=messages]:empty{display:none}
[part=messages]{list-style:none;display:flex;flex-direction:column;gap:16px}
[part=greeting]:not([hidden])+[part=messages]:not(:empty){margin-block-start:20px}
[part=message]{display:flex;flex-direction:column;align-items:stretch;gap:10px;overflow-wrap:anywhere}
time{align-self:center;font-size:.75em;color:var(--_text-soft)}
.text,.words{display:flex;flex-direction:column;gap:10px}
.text ul{padding-inline-start:1.2em;display:flex;flex-direction:column;gap:4px}
.asked{font-weight:600}
.bubble{align-self:flex-end;max-inline-size:85%;padding:10px 15px;border:1px solid transparent;border-radius:18px;border-end-end-radius:6px;
  white-space:pre-wrap;color:var(--_on-accent);background:var(--_accent)}
.fate{align-self:flex-end;margin-block-start:-6px;font-size:.8125em;color:var(--_text-soft);text-align:end}
.fate:empty{display:none}
[data-state=not_sent] .bubble{color:var(--_text);background:var(--_danger-soft);border-color:var(--_danger)}
[data-state=not_sent] .fate{color:var(--_danger)}
.heading{display:flex;align-items:center;gap:8px;font-weight:650}
.note{text-align:center;font-size:.875em;color:var(--_text-soft)}
[data-look=handoff-review],[data-look=handoff-submitted],[data-kind=assessment],[data-from=staff]:not([data-state=joined],[data-state=left]){
  padding:14px 16px;border:1px solid var(--_line);border-radius:16px;background:var(--_surface-soft)}
[data-look=handoff-review] .heading,[data-look=handoff-submitted] .heading,[data-kind=assessment] .heading{color:var(--_accent)}
[data-kind=urgent]{padding:14px 16px;border:2px solid var(--_danger);border-inline-start-width:6px;border-radius:12px;background:var(--_danger-soft)}
[data-kind=urgent] .heading,[data-kind=error] .heading,[data-look=handoff-failed] .heading{color:var(--_danger)}
[data-kind=urgent] .text{font-size:1.0625em}
.dial{display:inline-block;padding:1px 5px;border-radius:6px;font-weight:700;color:var(--_danger);background:var(--_surface)}
[data-kind=error]:not([data-from=visitor]),[data-look=handoff-failed]{padding-inline-start:14px;border-inline-start:3px solid var(--_danger)}
[data-kind=out_of_scope],[data-kind=clarify]{padding-inline-start:14px;border-inline-start:3px solid var(--_line)}
[part=reference] b{padding:2px 8px;border:1px solid var(--_line);border-radius:8px;background:var(--_surface);font-family:ui-monospace,monospace}
[part=progress]{display:flex;align-items:center;gap:10px;font-size:.8125em;color:var(--_text-soft)}
progress{flex:1;max-inline-size:140px;block-size:6px;border:0;border-radius:3px;overflow:hidden;background:var(--_line);appearance:none}
progress::-webkit-progress-bar{background:none}
progress::-webkit-progress-value{background:var(--_accent);border-radius:3px}
progress::-moz-progress-bar{background:var(--_accent)}

[part=choices],[part=starters]{display:flex;flex-wrap:wrap;gap:8px}
[part=starters]{margin-block-start:8px}
.choice{display:inline-flex;align-items:center;gap:6px;min-block-size:44px;padding:9px 16px;border:1px solid var(--_accent);border-radius:22px;line-height:1.35;color:var(--_accent);background:var(--_surface)}
.choice:hover{background:var(--_surface-soft)}
.choice .icon,.quiet .icon{inline-size:1.1em;block-size:1.1em}
.danger{border-color:var(--_danger);color:var(--_surface);background:var(--_danger)}
.danger:hover{background:var(--_danger);text-decoration:underline}
[part=asides]{display:flex;flex-wrap:wrap;gap:0 18px;margin-block-start:-4px}
.quiet{min-block-size:36px;padding:4px 2px;font-size:.875em;color:var(--_text-soft);text-decoration:underline;text-decoration-color:var(--_control);text-underline-offset:3px}
.quiet:hover{color:var(--_text)}
.fate .quiet{color:var(--_danger);font-weight:600;font-size:1em}
[part=retry]{align-self:flex-start}
[part=earlier]{display:block;margin:-8px auto 12px}
[aria-disabled=true]{cursor:default;text-decoration:none}
.choice[aria-disabled=true]{border-color:var(--_line);color:var(--_text-soft);background:none}
.quiet[aria-disabled=true]:hover{color:var(--_text-soft)}
[aria-disabled=true][data-chosen]{border-color:var(--_accent);color:var(--_text);font-weight:600}
[part=newer]{position:absolute;z-index:1;inset-block-end:76px;inset-inline:0;margin-inline:auto;inline-size:max-content;display:flex;align-items:center;gap:6px;
  min-block-size:40px;padding:6px 16px;border:1px solid var(--_line);border-radius:20px;background:var(--_surface);box-shadow:var(--_shadow);font-size:.875em;font-weight:600}
[part=newer] .icon{inline-size:18px;block-size:18px}

details{font-size:.9375em}
summary{display:inline-flex;align-items:center;min-block-size:32px;padding:4px 12px;border:1px solid var(--_line);border-radius:16px;cursor:pointer;font-size:.875em;color:var(--_text-soft);list-style:none}
summary::-webkit-details-marker{display:none}
summary::after{content:"";inline-size:6px;block-size:6px;margin-inline-start:8px;margin-block-start:-4px;border:solid;border-width:0 2px 2px 0;transform:rotate(45deg)}
[open]>summary::after{transform:rotate(-135deg);margin-block-start:4px}
summary:hover{color:var(--_text);background:var(--_surface-soft)}
details ul{list-style:none;display:flex;flex-direction:column;gap:12px;margin-block:12px 10px}
details li{padding-inline-start:12px;border-inline-start:3px solid var(--_line)}
details li[data-strength=strong]{border-color:var(--_accent)}
details li .small{display:block}
details a .icon{inline-size:.95em;block-size:.95em;margin-inline-start:4px;vertical-align:-1px}

.typing{display:flex;align-items:center;gap:5px;min-block-size:28px;margin-block-start:12px;color:var(--_text-soft);font-size:.875em}
.typing i{inline-size:7px;block-size:7px;border:1px solid transparent;border-radius:50%;background:var(--_control);animation:breathe 1.4s infinite}
.typing i:nth-child(2){animation-delay:.2s}
.typing i:nth-child(3){animation-delay:.4s}
.typing span{margin-inline-start:6px}
@keyframes breathe{0%,60%,100%{opacity:.35}30%{opacity:1}}

[part=composer]{padding:8px 12px 0}
.box{display:flex;align-items:flex-end;gap:4px;padding:4px;border:1px solid var(--_control);border-radius:26px;background:var(--_surface)}
.box:focus-within{border-color:var(--_accent);box-shadow:0 0 0 2px var(--_accent)}
[data-over] .box{border-color:var(--_danger);box-shadow:0 0 0 2px var(--_danger)}
textarea{flex:1;min-inline-size:0;min-block-size:44px;max-block-size:calc(7.5em + 20px);margin:0;padding-block:10px;padding-inline:14px 4px;
  border:0;resize:none;font-size:max(16px,1em);line-height:1.5;background:none;overflow-y:auto}
textarea:focus-visible{outline:none}
textarea::placeholder{color:var(--_text-soft);opacity:1}
[part=send]{display:grid;place-items:center;flex:none;inline-size:44px;block-size:44px;border-radius:50%;color:var(--_on-accent);background:var(--_accent)}
[part=count]{display:block;padding-inline:16px;text-align:end}
[part=count]:empty{display:none}
[data-over] [part=count]{color:var(--_danger);font-weight:600}
[part=help]{display:flex;flex-wrap:wrap;justify-content:center;gap:0 16px;padding:2px 12px max(6px,env(safe-area-inset-bottom))}
[part=help] *{display:inline-flex;align-items:center;min-block-size:36px;font-size:13px;color:var(--_text-soft);text-decoration:none}
[part=help] :hover{color:var(--_text);text-decoration:underline}
[part=help] [part=emergency]{color:var(--_danger);font-weight:600}

[part=ending]{flex:1;min-block-size:0;overflow:auto;display:flex;flex-direction:column;justify-content:safe center;gap:12px;padding:24px}
[part=ending] h3{font-size:1.25em;line-height:1.3}
.stack{display:flex;flex-direction:column;gap:10px;margin-block-start:8px}
.stack .choice{justify-content:center}

@media (max-height:420px){
  [part=panel]{overflow:hidden auto}.main,[part=transcript],[part=ending]{position:static;flex:1 0 auto;overflow:visible}
  [part=newer]{position:fixed;inset-block-end:8px}
  [part=status]{position:sticky;inset-block-start:0;z-index:1}}
@media (prefers-reduced-motion:reduce){*,::before,::after{animation:none!important;transition:none!important}.typing i{opacity:.8}}
@media (forced-colors:active){
  [part=launcher],[part=send],.face,.bubble,.dial,[part=badge]{border:1px solid CanvasText}
  .typing i{border-color:CanvasText}
  :focus-visible{outline-color:Highlight}
  .box:focus-within{outline:2px solid Highlight}
  .choice[aria-disabled=true],.quiet[aria-disabled=true]{color:GrayText;border-color:GrayText}
  progress{border:1px solid CanvasText}}`;

function sheets(theme) {
  const media = { dark: "all", light: "not all" }[theme] ?? "(prefers-color-scheme: dark)";
  const colours = (which) => Object.entries(COLOURS).map(([name, pair]) => `--_${name}:var(--strand-${name},${pair[which]})`);
  return [[`:host{${colours(0).join(";")}}`], [`:host{${colours(1).join(";")}}`, media], [LOOKS]].map(([rules, only]) => {
    const sheet = new CSSStyleSheet(only ? { media: only } : {});
    sheet.replaceSync(rules);
    return sheet;
  });
}

// ---- the script's own part

const SERVER = script?.src ? new URL(script.src).origin : location.origin;

function place() {
  if (document.querySelector(TAG)) return;
  const data = [...(script?.attributes ?? [])].filter(({ name }) => name.startsWith("data-"));
  document.body.append(h(TAG, Object.fromEntries(data.map(({ name, value }) => [name, value]))));
}

customElements.define(TAG, StrandChat);
if (script && !("manual" in script.dataset)) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place, { once: true });
  else place();
}
})();
