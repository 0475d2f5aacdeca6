/* Strand's chat widget: one custom element, <strand-chat>. How to embed and to theme it: docs/widget.md. */
(() => {
  "use strict";

  const TAG = "strand-chat";
  const script = document.currentScript;
  if (!("customElements" in window) || !("adoptedStyleSheets" in document) || customElements.get(TAG)) return;

  /** The check's questions, in the order asked (contract, section 2). */
  const FIELDS = (
    "age hair_loss_pattern duration prior_treatments conditions medications " +
    "pregnancy_or_breastfeeding scalp_symptoms expectations timeline"
  ).split(" ");
  const LANGUAGES = ["en", "es"];
  const ANSWERS = "en"; // the assistant's own texts
  const QUIET = ["Skip", "Why do you ask?"];
  const COUNT_FROM = 900;
  const SILENCE = 10_000; // a socket that says nothing for so long after a message is taken for dead
  const POLL_FOR = 120_000; // then the socket is tried again

  // ---------------------------------------------------------------- small tools

  /** An element with attributes (`on…` are listeners, false and null are left out) and children. */
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child != null && child !== false));
    return element;
  }

  /** A line drawing of 24 by 24; decoration only. */
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
  const lengthOf = (text) => [...text].length; // as the server counts

  function whenIdle(work) {
    if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2000 });
    else setTimeout(work, 200);
  }

  // ---------------------------------------------------------------- texts

  /** The widget's own words, in the reader's language. */
  class Texts {
    constructor(words) {
      this.words = words;
      this.language = words.language;
    }

    /** The words of a language, with the site's own over them. Raises where the server has none. */
    static async load(server, language, file) {
      const read = async (address) => {
        const response = await fetch(address, { credentials: "omit" });
        if (!response.ok) throw new Error("no words");
        return response.json();
      };
      const own = file ? await read(new URL(file, document.baseURI)).catch(() => ({})) : {};
      return new Texts({ ...(await read(`${server}/widget/${language}.json`)), ...own });
    }

    /** A text with its {places} filled. */
    say(key, places = {}) {
      return String(this.words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
    }

    /** A day, month or year as far as it is known ("2024", "2024-09", "2024-09-01"), in words. */
    date(known) {
      const parts = /^(\d{4})(-\d\d)?(-\d\d)?/.exec(known ?? "");
      if (!parts) return "";
      const shown = { year: "numeric", month: parts[2] && "long", day: parts[3] && "numeric", timeZone: "UTC" };
      return new Intl.DateTimeFormat(this.language, shown).format(new Date(parts[0]));
    }

    /** The reader's own time of a moment; with the day where it is not today. */
    when(moment) {
      const then = new Date(moment);
      const today = then.toDateString() === new Date().toDateString();
      const shown = { ...(today ? {} : { day: "numeric", month: "long" }), hour: "numeric", minute: "2-digit" };
      return new Intl.DateTimeFormat(this.language, shown).format(then);
    }
  }

  // ---------------------------------------------------------------- what the browser keeps

  /** A value in the browser's storage, or in memory where storage is blocked. */
  class Kept {
    constructor(kind, key) {
      Object.assign(this, { kind, key, value: null });
    }

    get() {
      try {
        return window[this.kind].getItem(this.key);
      } catch {
        return this.value;
      }
    }

    set(value) {
      this.value = value;
      try {
        if (value) window[this.kind].setItem(this.key, value);
        else window[this.kind].removeItem(this.key);
      } catch {} // blocked: the value in memory serves
    }
  }

  // ---------------------------------------------------------------- transport

  /** What the server would not do: a `refused` frame. */
  class Refused extends Error {
    constructor(frame) {
      super(frame.reason);
      this.frame = frame;
    }
  }

  /** The server's requests. Raises Refused with its words, or TypeError and the like where it cannot be reached. */
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
      const reasons = { 400: "unreadable", 401: "session", 413: "long", 429: "slow" };
      const wait = Number(response.headers.get("Retry-After")) || null;
      throw new Refused({ retry_in: wait, reason: reasons[response.status] ?? "busy", ...answer });
    }

    socket() {
      return new WebSocket(`${this.origin.replace(/^http/, "ws")}/chat/socket`);
    }
  }

  /**
   * The line to the server: a session, then a socket, or long polling where none can be opened. Whatever comes on it
   * is handed to `heard` as one of the socket's frames; `changed` is told connecting, online, polling, waiting, offline.
   */
  class Line {
    constructor(server, token, { cursor, heard, changed }) {
      Object.assign(this, { server, token, cursor, heard, changed });
      Object.assign(this, { run: 0, misses: 0, begun: false, socket: null, polling: null, wake() {} });
    }

    get up() {
      return this.socket?.welcomed || this.polling;
    }

    start() {
      if (!this.running) this.loop(++this.run);
    }

    stop() {
      this.running = false;
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
        if (run === this.run) await this.pause(wait ?? Math.min(30, 0.6 * 2 ** tries) * (0.5 + Math.random()));
      }
    }

    /** Seconds to wait, or until something gives hope. */
    pause(seconds) {
      this.changed(navigator.onLine ? "waiting" : "offline");
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, seconds * 1000);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }

    /** A session: the one that is kept, renewed, or a new one; two tabs that open at once share one. */
    async begin() {
      if (this.begun && this.token.get()) return;
      const request = async () => {
        const kept = this.token.get();
        const signal = AbortSignal.timeout?.(SILENCE);
        const renewed = kept && (await this.server.ask("/chat/session", { token: kept, signal }).catch(this.unlessOver));
        const session = renewed || (await this.server.ask("/chat/session", { signal }));
        this.begun = true;
        this.keep(session);
        this.heard({ type: "session", ...session });
      };
      await (navigator.locks ? navigator.locks.request(TAG, request) : request());
    }

    unlessOver(problem) {
      if (problem.frame?.reason !== "session") throw problem;
    }

    keep({ token, expires_in: seconds }) {
      this.token.set(token);
      clearTimeout(this.renewal);
      this.renewal = setTimeout(() => this.renew(), Math.min(seconds * 600, 2 ** 31 - 1));
    }

    renew() {
      if (this.socket?.welcomed) this.send({ type: "renew" });
      else this.begun = false; // renewed with the next round
    }

    /** A refusal that belongs to no message; says how many seconds to wait. */
    refuse(frame) {
      if (frame?.reason === "session") this.lose();
      else if (frame) this.heard({ type: "refused", id: null, ...frame });
      return frame?.retry_in;
    }

    /** The session is over: the next round begins another one. */
    lose() {
      if (!this.begun) return;
      this.begun = false;
      if (this.token.get() === this.used) this.token.set(null); // else another tab has a newer one
      this.heard({ type: "lost" });
    }

    /** Resolves when the socket is gone: true where it had been welcomed. */
    bySocket() {
      return new Promise((resolve) => {
        const socket = (this.socket = this.server.socket());
        let reached = false;
        socket.leave = () => {
          socket.onopen = socket.onmessage = socket.onclose = null; // a dead network may hold back the close
          clearTimeout(this.silence);
          socket.close();
          this.socket = null;
          this.misses = reached ? 0 : this.misses + 1;
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
      this.used = this.token.get();
      socket.send(JSON.stringify({ type: "hello", token: this.used, after: this.cursor() }));
    }

    /** Hangs up where nothing comes for too long. */
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

    /** Asks for news until the socket is worth another try. */
    async byPolling(run) {
      const polling = (this.polling = new AbortController());
      const until = Date.now() + POLL_FOR;
      this.misses = 1; // whatever ends this, the socket is tried once more
      this.used = this.token.get();
      this.changed("polling");
      try {
        while (run === this.run && Date.now() < until) await this.poll(polling.signal);
        return true;
      } finally {
        this.polling = null;
      }
    }

    async poll(signal) {
      const began = Date.now();
      await this.begin();
      const { moment, ...news } = await this.server.ask(`/chat/news?after=${this.cursor()}`, { token: this.token.get(), signal });
      const fresh = news.items?.length && news.cursor > this.cursor();
      this.heard({ ...news, type: "news" });
      for (const id of moment ?? []) this.heard({ type: "moment", id });
      if (!fresh && Date.now() - began < 1000) await new Promise((resolve) => setTimeout(resolve, 1000));
    }

    /** Sends a frame; false where there is no line now. */
    send(frame) {
      if (this.socket?.welcomed) {
        this.socket.send(JSON.stringify(frame));
        this.listen();
      } else if (this.polling) this.post(frame);
      return Boolean(this.up);
    }

    /** A frame as a request, and its answer as a frame. */
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
        if (frame.reason === "session") this.polling?.abort(this.lose());
        else this.heard({ ...frame, type: "refused", id: id ?? null });
      }
    }
  }

  // ---------------------------------------------------------------- the conversation

  /**
   * What was said, as the server tells it, and what is on its way there. Items come by cursor, once; a visitor's message
   * is known by its id, so that it is never shown twice.
   */
  class Transcript {
    constructor() {
      this.outgoing = new Map(); // id → {id, text, state: queued | flying | held | stored | failed, at, after, note}
      this.clear();
    }

    /** Forgets what the server told; what was not yet sent stays, to be sent again. */
    clear() {
      Object.assign(this, { items: [], open: [], cursor: 0, more: false, moments: new Set() });
      for (const message of this.outgoing.values()) if (message.state !== "failed") message.state = "queued";
    }

    /** Takes what is new; returns the items that were not known. */
    take({ items = [], cursor = 0, open = [], more }) {
      if (more !== undefined && !this.items.length) this.more = more;
      const fresh = items.filter((item) => item.cursor > this.cursor);
      this.items.push(...fresh);
      this.cursor = Math.max(this.cursor, cursor, fresh.at(-1)?.cursor ?? 0);
      for (const item of fresh) this.arrived(item.id);
      this.open = open.filter(({ id }) => !this.items.some((item) => item.id === id));
      for (const { id, state } of this.open) {
        // "failed" may be older than the retry that is on its way
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

    retry(id) {
      const known = this.outgoing.get(id) ?? this.open.find((message) => message.id === id);
      if (known) this.outgoing.set(id, { ...known, state: "queued", note: null });
    }

    /** The message whose turn it is: one at a time, so that their order holds. */
    next() {
      for (const message of this.outgoing.values()) {
        if (message.state === "queued") return message;
        if (message.state === "flying" || message.state === "held") return null;
      }
      return null;
    }

    get pending() {
      return [...this.outgoing.values()].some((message) => message.state !== "failed") || this.answering;
    }

    /** Whether an answer is being worked on. */
    get answering() {
      const stored = [...this.outgoing.values()].some((message) => message.state === "stored");
      return stored || this.open.some(({ id, state }) => state === "waiting" && !this.outgoing.has(id));
    }

    /** All of it as it stands on the screen, in order: {key, from, …}. */
    entries() {
      const said = this.items.map((item) => this.saidEntry(item));
      const open = this.open.filter(({ id }) => !this.outgoing.has(id)).flatMap((message) => this.openEntries(message));
      const going = [...this.outgoing.values()].map((message) => ({
        ...{ ...message, key: `v${message.id}`, from: "visitor", order: message.state === "failed" ? message.after : Infinity },
      }));
      const all = [...said, ...open, ...going].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
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
      message.state = "answered"; // the reply says how it went
      return [message, { ...reply, key: `r${id}`, from: "assistant", at, order, retry }];
    }

    /** Only the newest turn's choices can be used; the one that was is marked. */
    withChoices(entries) {
      const newest = this.items.at(-1)?.cursor;
      return entries.map((entry, place) => {
        const next = entries[place + 1];
        const chosen = next?.from === "visitor" ? next.text : null;
        return { ...entry, chosen, live: entry.cursor === newest && !this.pending };
      });
    }
  }

  /** The visitor's side of the protocol: what is said goes out once, and what comes in is told to the view. */
  class Conversation {
    constructor(line, transcript, view) {
      Object.assign(this, { line, transcript, view, ending: false, over: false });
    }

    say(text) {
      const message = this.transcript.add(newId(), text);
      this.view.said(message);
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
      this.line.send({ type: "end" }) || this.line.wake();
    }

    /** After the end: a new one. */
    anew() {
      this.over = this.ending = false;
      this.line.begun = false;
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

    /** The line went up or down. */
    changed(state) {
      if (this.over) return;
      this.view.connection(state);
      for (const message of this.transcript.outgoing.values()) if (message.state === "flying") message.state = "queued";
      if (!this.line.up) return;
      if (this.ending) this.line.send({ type: "end" });
      this.flush();
    }

    heard(frame) {
      const hears = { session: "session", welcome: "news", news: "news", stored: "stored", refused: "refused" };
      Object.assign(hears, { moment: "moment", earlier: "hearsEarlier", ended: "ended", lost: "lost", typing: "typing" });
      if (!this.over && Object.hasOwn(hears, frame.type)) this[hears[frame.type]](frame);
    }

    session({ clinic, characters }) {
      this.view.settled({ clinic, characters });
    }

    news(frame) {
      const seen = this.transcript.cursor > 0 || frame.type === "news";
      const failed = new Set(this.transcript.open.filter((one) => one.reply).map((one) => one.id));
      const fresh = this.transcript.take(frame);
      const replies = this.transcript.open.filter((one) => one.reply && !failed.has(one.id));
      const answers = replies.map((one) => ({ ...one.reply, from: "assistant" }));
      this.flush();
      if (seen) this.view.arrived([...fresh.filter((item) => item.from !== "visitor"), ...answers]);
    }

    stored({ id }) {
      const message = this.transcript.outgoing.get(id);
      if (message) message.state = "stored";
      this.view.connection();
      this.flush();
    }

    refused({ id, reason, retry_in: seconds, text }) {
      const message = this.transcript.outgoing.get(id);
      const later = reason === "slow" || reason === "busy";
      if (later) this.view.connection(reason);
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

    moment({ id }) {
      this.transcript.moments.add(id);
      this.view.show();
      this.view.moment();
    }

    hearsEarlier(frame) {
      this.transcript.takeEarlier(frame);
      this.view.showEarlier();
    }

    typing() {
      this.view.typing();
    }

    lost() {
      this.transcript.clear();
      this.view.lost();
      this.view.show();
    }

    ended({ receipt }) {
      this.over = true;
      this.line.stop();
      this.line.token.set(null);
      this.transcript.outgoing.clear();
      this.transcript.clear();
      this.view.ended(receipt);
    }
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // ---------------------------------------------------------------- texts as nodes

  const URLS = /https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
  const NUMBERS = /(?<![\d,.$/-])(?:911|988|112|999|\+?\(?\d[\d ().-]{7,18}\d)(?![\d,/-]*\d)/g;

  /** A link to https, mailto or tel; anything else is its label as text. */
  function link(address, label, attributes) {
    if (!/^(https:\/\/|mailto:|tel:)/i.test(address ?? "")) return label;
    const opens = /^https/i.test(address) && { target: "_blank" };
    return h("a", { href: address, rel: "noopener noreferrer", ...opens, ...attributes }, label);
  }

  /** A text's paragraphs and lists as elements; nothing in it is ever markup. */
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

  /** A line with its addresses as links, and where `call` is given its telephone numbers too. */
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

  // ---------------------------------------------------------------- messages

  /** A message of the visitor's, with how far it has come. */
  class VisitorMessage {
    constructor(entry, { texts, conversation }) {
      Object.assign(this, { texts, retry: () => conversation.retry(entry.id) });
      this.status = h("div", { class: "fate" });
      this.bubble = h("div", { class: "bubble", dir: "auto" }, entry.text);
      this.element = h("li", { part: "message", "data-from": "visitor" }, hidden(`${texts.say("you")}: `), this.bubble, this.status);
    }

    update({ state, note, words }, newest) {
      const shown = state === "answered" || (state === "stored" && !newest) ? "" : state + (note ?? "");
      if (this.shown === shown) return;
      this.shown = shown;
      const { texts } = this;
      const fates = { queued: "sending", flying: "sending", held: "held", stored: "sent", failed: "not_sent" };
      const reason = note && (texts.say(note) || words);
      this.element.dataset.state = fates[state] ?? state;
      this.status.replaceChildren(...(shown && fates[state] ? [texts.say(fates[state])] : []), ...(reason ? [` ${reason}`] : []));
      if (state === "failed" && note !== "long") this.status.append(" ", retryButton(texts, this.retry));
    }
  }

  function retryButton(texts, retry) {
    return h("button", { type: "button", part: "retry", class: "quiet", onclick: retry }, texts.say("retry"));
  }

  /** A turn of the assistant's: its texts, what they rest on, and what may be chosen. */
  class AssistantMessage {
    constructor(entry, context) {
      Object.assign(this, context);
      this.entry = entry;
      const { payload = {} } = entry;
      const look = [payload.kind, payload.state].filter(Boolean).join("-");
      this.element = h(
        "li",
        { part: "message", "data-from": entry.from, "data-kind": payload.kind, "data-look": look, "data-class": payload.class },
        hidden(`${this.texts.say("assistant")}: `),
        this.heading(payload),
        this.progress(entry),
        this.words(entry),
        payload.reference && this.reference(payload.reference),
        this.sources(payload),
      );
      this.choices = this.offered(entry);
    }

    heading({ kind, state, field, outcome }) {
      const known = { urgent: ["alert", "urgent"], error: ["alert", "trouble"] };
      const states = { review: ["form", "review"], submitted: ["check", "submitted"], failed: ["alert", "trouble"] };
      const found = known[kind] ?? (kind === "handoff" && states[state]) ?? null;
      const [drawn, words] = found || (outcome ? ["form", "result"] : field === "summary" ? ["form", "summary"] : []);
      return drawn && h("strong", { class: "heading" }, icon(ICONS[drawn]), this.texts.say(words));
    }

    /** "Question 3 of 10", while a question of the check stands open. */
    progress({ texts, payload = {} }) {
      const place = FIELDS.indexOf(payload.field) + 1;
      const counted = /^\d+ of \d+\. /.test(texts.at(-1) ?? "");
      const asks = payload.kind === "question" || payload.kind === "answer" || counted;
      if (!place || !asks || (place === 1 && !counted)) return null; // the hand-off asks for the age as well
      const told = this.texts.say("progress", { number: place, total: FIELDS.length });
      const bar = h("progress", { max: FIELDS.length, value: place, "aria-label": told });
      this.counted = counted;
      return h("div", { part: "progress", class: "progress" }, h("span", { "aria-hidden": "true" }, told), bar);
    }

    words({ texts, payload = {} }) {
      const call = payload.kind === "urgent" && ((number) => this.texts.say("call", { number }));
      const shown = this.counted ? [...texts.slice(0, -1), texts.at(-1).replace(/^\d+ of \d+\. /, "")] : texts;
      const marking = { call, tab: this.texts.say("new_tab") };
      const parts = shown.map((text) => h("div", { class: "words" }, prose(text, marking)));
      if (this.counted) parts.at(-1).classList.add("asked");
      return h("div", { class: "text", lang: payload.language ?? ANSWERS, dir: "auto" }, parts);
    }

    reference(reference) {
      return h("p", { part: "reference", class: "reference" }, `${this.texts.say("reference")} `, h("b", null, reference));
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

    /** The choices as buttons, the quiet ones in a row of their own. */
    offered({ buttons = [], payload = {}, retry }) {
      const { texts, conversation } = this;
      const button = (title, quiet, label = title) => {
        const lang = label === title ? ANSWERS : null;
        const press = (event) => this.press(event.currentTarget, title);
        return h("button", { type: "button", class: quiet ? "quiet" : "choice", "data-title": title, lang, onclick: press }, label);
      };
      const loud = buttons.filter((title) => !QUIET.includes(title)).map((title) => button(title));
      const quiet = buttons.filter((title) => QUIET.includes(title)).map((title) => button(title, true));
      if (this.counted) quiet.push(button(texts.say("stop_ask"), true, texts.say("stop")));
      const group = (part, all) => all.length && h("div", { part, role: "group", "aria-label": texts.say("choices") }, all);
      this.element.append(...[group("choices", loud), group("asides", quiet)].filter(Boolean));
      if (retry) this.element.append(retryButton(texts, () => conversation.retry(retry)));
      return [...loud, ...quiet];
    }

    press(button, title) {
      if (button.getAttribute("aria-disabled") !== "true") this.choose(title);
    }

    update({ live, chosen }) {
      const shown = live ? "live" : `spent ${chosen}`;
      if (this.shown === shown) return;
      this.shown = shown;
      for (const button of this.choices) {
        const taken = !live && button.dataset.title === chosen;
        if (live) button.removeAttribute("aria-disabled");
        else button.setAttribute("aria-disabled", "true");
        button.toggleAttribute("data-chosen", taken);
        button.querySelectorAll(".icon, .unseen").forEach((mark) => mark.remove());
        if (taken) button.append(icon(ICONS.check), hidden(` ${this.texts.say("chosen")}`));
      }
    }
  }

  /** What a person of the clinic says, and that they come and go. */
  class StaffMessage {
    constructor({ texts: said, payload = {} }, { texts, settled }) {
      const name = texts.say("person", { clinic: settled.clinic });
      const passes = payload.state === "joined" || payload.state === "left";
      const words = passes ? texts.say(payload.state, { name }) : said.map((text) => prose(text, { tab: texts.say("new_tab") }));
      this.element = h(
        "li",
        { part: "message", "data-from": "staff", "data-state": payload.state },
        passes ? h("p", { class: "note" }, words) : [h("strong", { class: "heading" }, name), h("div", { class: "text", dir: "auto" }, ...words)],
      );
    }

    update() {}
  }

  // ---------------------------------------------------------------- the transcript on the screen

  /** The list of messages: keyed, so that nothing moves or loses focus, and scrolled without yanking. */
  class MessageList {
    constructor(context) {
      const { texts } = context;
      Object.assign(this, { ...context, views: new Map(), following: true, last: 0 });
      this.list = h("ol", { part: "messages", role: "list" });
      this.more = h("button", { type: "button", part: "earlier", class: "quiet", hidden: true, onclick: () => this.earlier() }, texts.say("earlier"));
      this.typing = h("div", { part: "typing", class: "typing", hidden: true }, h("i"), h("i"), h("i"), (this.slow = h("span")));
      this.newer = h("button", { type: "button", part: "newer", hidden: true, onclick: () => this.jump() }, texts.say("newer"), icon(ICONS.down));
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
        h("button", { type: "button", class: "choice", onclick: () => choose(ask ?? label) }, label),
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
      this.starters.hidden = entries.length > 0;
      this.greeting.hidden = this.more.hidden ? false : true;
      this.more.hidden = !transcript.more;
      this.greeting.hidden = transcript.more;
      this.typing.hidden = !transcript.answering;
      this.slow.textContent = transcript.moments.size ? this.texts.say("one_moment") : "";
      if (this.following) this.toEnd();
    }

    place(entry, place, newest, before) {
      let view = this.views.get(entry.key);
      if (!view) {
        const kinds = { visitor: VisitorMessage, staff: StaffMessage };
        view = new (kinds[entry.from] ?? AssistantMessage)(entry, this);
        this.views.set(entry.key, view);
        this.stamp(view.element, entry, before);
      }
      view.update(entry, newest);
      if (this.list.children[place] !== view.element) this.list.insertBefore(view.element, this.list.children[place] ?? null);
    }

    /** The time, where a pause lies before. */
    stamp(element, { at }, before) {
      if (!at || (before?.at && Date.parse(at) - Date.parse(before.at) < 30 * 60_000)) return;
      element.prepend(h("time", { datetime: at }, this.texts.when(at)));
    }

    get atEnd() {
      const { scrollHeight, scrollTop, clientHeight } = this.element;
      return scrollHeight - scrollTop - clientHeight < 40;
    }

    scrolled() {
      const { scrollTop } = this.element;
      if (this.atEnd) this.follow();
      else if (scrollTop < this.last - 2) this.following = false;
      this.last = scrollTop;
    }

    follow() {
      this.following = true;
      this.newer.hidden = true;
    }

    /** To the end; a long answer is shown from its beginning. */
    toEnd() {
      const { element, list } = this;
      const mine = [...list.children].filter((one) => one.dataset.from === "visitor").at(-1);
      const end = element.scrollHeight - element.clientHeight;
      const top = mine && mine !== list.lastElementChild ? mine.offsetTop - 12 : end;
      this.last = element.scrollTop = Math.min(end, top);
    }

    /** Something came: shown at once, or offered where the reader is elsewhere. */
    arrived() {
      if (!this.following) this.newer.hidden = false;
    }

    jump() {
      this.follow();
      this.toEnd();
      this.element.focus({ preventScroll: true });
    }

    earlier() {
      this.conversation.earlier();
    }

    /** Earlier messages stand above; what was read stays where it is. */
    showEarlier() {
      const { element } = this;
      const focused = this.more.matches(":focus");
      const below = element.scrollHeight - element.scrollTop;
      this.following = false;
      this.show();
      this.last = element.scrollTop = element.scrollHeight - below;
      if (focused && this.more.hidden) element.focus({ preventScroll: true });
    }
  }

  // ---------------------------------------------------------------- composer

  /** Where the visitor writes. */
  class Composer {
    constructor({ texts, draft, settled, choose, tell }) {
      Object.assign(this, { texts, draft, settled, choose, tell, told: 0 });
      this.field = h("textarea", {
        ...{ id: "field", part: "field", rows: "1", enterkeyhint: "send", autocomplete: "off", dir: "auto" },
        ...{ placeholder: texts.say("placeholder"), "aria-describedby": "count" },
        oninput: () => this.typed(),
        onkeydown: (event) => this.key(event),
      });
      this.count = h("span", { id: "count", part: "count", class: "small" });
      this.element = h(
        "form",
        { part: "composer", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.send()) },
        h("label", { for: "field", class: "unseen" }, texts.say("field")),
        h("div", { class: "box" }, this.field, h("button", { part: "send", "aria-label": texts.say("send") }, icon(ICONS.send))),
        this.count,
      );
      this.write(draft.get() ?? "");
    }

    /** Enter sends, but not the one that ends a composition of an input method. */
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
      this.field.focus();
    }

    write(text) {
      this.field.value = text;
      this.typed();
    }

    get left() {
      return this.settled.characters - lengthOf(this.field.value.trim());
    }

    typed() {
      this.draft.set(this.field.value || null);
      this.grow();
      const { left, texts } = this;
      const near = left <= this.settled.characters - COUNT_FROM;
      const over = left < 0;
      this.count.textContent = near ? texts.say(over ? "count_over" : "count_left", { count: Math.abs(left) }) : "";
      this.element.toggleAttribute("data-over", over);
      this.field.setAttribute("aria-invalid", String(over));
      const step = !near ? 0 : over ? 4 : left > 50 ? 1 : left > 10 ? 2 : 3;
      if (step > this.told) this.tell(this.count.textContent); // now and then, not at every key
      this.told = step;
    }

    grow() {
      const { field } = this;
      field.style.height = "auto";
      field.style.height = field.scrollHeight ? `${field.scrollHeight}px` : "";
    }
  }

  // ---------------------------------------------------------------- panel

  /** What is new, read out once: a hidden log beside the visible list, emptied soon after. */
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

  /** The question before the chat is deleted, and the word after it. */
  class Ending {
    constructor({ texts, onEnd, onCancel, onAnew }) {
      this.texts = texts;
      this.no = h("button", { type: "button", class: "choice", "data-action": "keep", onclick: onCancel }, texts.say("end_no"));
      this.yes = h("button", { type: "button", class: "choice danger", "data-action": "end", onclick: onEnd }, texts.say("end_yes"));
      this.anew = h("button", { type: "button", class: "choice", "data-action": "anew", onclick: onAnew }, texts.say("anew"));
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

    done(receipt) {
      this.fill("done", this.texts.say("ended"), this.texts.say("receipt", { receipt }), this.anew);
    }
  }

  /** The dialog: header, transcript, composer, and what always stands below. */
  class Panel {
    constructor(context) {
      const { texts, list, composer } = context;
      Object.assign(this, context);
      this.announcer = new Announcer(texts.say("log"));
      this.ending = new Ending({
        texts,
        onEnd: () => this.endNow(),
        onCancel: () => this.cancelEnd(),
        onAnew: () => this.anew(),
      });
      this.status = h("div", { part: "status", role: "status" });
      this.main = h("div", { class: "main" }, list.element, list.newer, composer.element);
      this.element = h(
        "section",
        { part: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", lang: texts.language, tabindex: "-1", hidden: true },
        ...[this.header(), this.status, this.main, this.ending.element, this.help(), this.announcer.element],
      );
      this.element.addEventListener("keydown", (event) => this.key(event));
    }

    header() {
      const { texts } = this;
      const press = () => this.toggleMenu();
      const more = { type: "button", part: "menu-button", class: "tool", "aria-expanded": "false", "aria-controls": "menu", onclick: press };
      this.more = h("button", { ...more, "aria-label": texts.say("menu") }, icon(ICONS.more));
      const ask = () => this.askEnd();
      this.menu = h(
        "div",
        { id: "menu", part: "menu", hidden: true },
        h("button", { type: "button", "data-action": "ask-end", onclick: ask }, texts.say("end")),
      );
      const close = { type: "button", part: "close", class: "tool", "aria-label": texts.say("close"), onclick: this.close };
      const title = h("h2", { id: "title" }, this.option("title") ?? texts.say("title"));
      return h(
        "header",
        { part: "header" },
        h("span", { class: "face" }, icon(ICONS.strand)),
        h("div", { class: "name" }, title, h("p", { part: "nature" }, texts.say("nature"))),
        ...[this.more, this.menu, h("button", close, icon(ICONS.close))],
      );
    }

    /** Always there: a person, the emergency line, what happens with what is written. */
    help() {
      const { texts, option, choose } = this;
      const number = option("emergency") ?? "911";
      const site = option("privacy");
      const privacy = site
        ? link(new URL(site, document.baseURI).href, texts.say("privacy"), { part: "privacy" })
        : h("button", { type: "button", part: "privacy", onclick: () => choose(texts.say("privacy_ask")) }, texts.say("privacy"));
      return h(
        "footer",
        { part: "help" },
        h("button", { type: "button", part: "person", onclick: () => choose(texts.say("person_ask")) }, texts.say("talk")),
        link(`tel:${number.replace(/[^\d+]/g, "")}`, texts.say("emergency", { number }), { part: "emergency" }),
        privacy,
      );
    }

    key(event) {
      if (event.isComposing) return;
      if (event.key === "Escape") this.escape(event);
      if (event.key === "Tab" && this.full) this.trap(event);
    }

    /** One step back: the menu, the question, then the chat. */
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

    toggleMenu() {
      this.menu.hidden = !this.menu.hidden;
      this.more.setAttribute("aria-expanded", String(!this.menu.hidden));
      if (this.menu.hidden) this.more.focus();
      else this.menu.firstElementChild.focus();
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

    anew() {
      this.uncover();
      this.conversation.anew();
      this.composer.field.focus();
    }

    /** Puts the question before everything else. */
    cover(covered) {
      this.main.inert = covered;
      this.main.hidden = covered;
      this.element.querySelector("footer").inert = covered && this.ending.element.dataset.state === "ask";
      this.more.hidden = covered;
    }

    uncover() {
      this.ending.element.hidden = true;
      this.cover(false);
    }

    ended(receipt) {
      const within = this.element.contains(this.element.getRootNode().activeElement);
      this.composer.write("");
      this.menu.hidden = true;
      this.ending.done(receipt);
      this.cover(true);
      this.status.textContent = "";
      if (within) this.ending.title.focus(); // what had the focus is gone
      else this.announcer.tell(this.texts.say("ended"));
    }

    /** How the line is, in words; nothing where all is well. */
    connection(state) {
      clearTimeout(this.patience);
      if (state) this.element.dataset.state = state;
      const words = { offline: "offline", waiting: "waiting", busy: "busy", slow: "slow", connecting: "connecting" }[state];
      const show = () => {
        const text = words ? this.texts.say(words) : "";
        if (this.status.textContent !== text) this.status.textContent = text;
      };
      if (state === "connecting" || state === "waiting") this.patience = setTimeout(show, 1200); // not for a blink
      else show();
    }
  }

  // ---------------------------------------------------------------- the element

  class StrandChat extends HTMLElement {
    connectedCallback() {
      this.gone = new AbortController();
      if (this.panel) return this.attend();
      this.settled ??= { characters: 1000, clinic: "" };
      if (this.started) return;
      this.started = true;
      this.ready = new Promise((resolve) => whenIdle(() => resolve(this.build().catch(() => false))));
    }

    disconnectedCallback() {
      this.gone.abort();
      this.line?.stop();
    }

    option = (name) => this.getAttribute(`data-${name}`) ?? this.getAttribute(name);
    flag = (name) => this.option(name) !== null && this.option(name) !== "false";

    get language() {
      const page = this.closest("[lang]")?.lang;
      const wanted = [this.option("language"), page, ...(navigator.languages ?? [])].filter(Boolean);
      return wanted.map((name) => name.slice(0, 2).toLowerCase()).find((name) => LANGUAGES.includes(name)) ?? LANGUAGES[0];
    }

    /** Builds it all; where that fails the page stays as it was. */
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
      this.removeAttribute("title"); // else the page shows it as a tooltip over everything
      this.attend();
      if (this.flag("open")) this.open();
      return true;
    }

    draw() {
      const { texts, transcript, conversation, settled, draft, option } = this;
      const choose = (text, typed) => this.choose(text, typed);
      const tell = (text) => this.panel?.announcer.tell(text);
      const context = { texts, transcript, conversation, settled, draft, option, choose, tell };
      this.list = new MessageList(context);
      this.composer = new Composer(context);
      const { list, composer } = this;
      this.panel = new Panel({ ...context, list, composer, close: () => this.close() });
      this.badge = h("span", { part: "badge", hidden: true, "aria-hidden": "true" });
      const controls = { "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.toggle() };
      this.launcher = h("button", { type: "button", part: "launcher", ...controls }, icon(ICONS.chat), this.badge);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = sheets(this.option("theme"));
      const direction = this.getAttribute("dir") ?? texts.words.direction ?? getComputedStyle(this).direction;
      const side = (this.option("position") === "left") === (direction === "rtl") ? "end" : "start";
      const away = this.option("position") ? side : "end";
      this.frame = h("div", { class: "frame", dir: direction, "data-side": away }, this.panel.element, this.launcher);
      root.append(this.frame);
      this.unread = 0;
      this.name();
    }

    /** Listens to the page; all of it ends when the element is taken out. */
    attend() {
      const { signal } = this.gone;
      const on = (target, type, listener) => target?.addEventListener(type, listener, { signal });
      this.full = matchMedia("(max-width: 480px), (max-height: 480px)");
      on(this.full, "change", () => this.fit());
      on(window.visualViewport, "resize", () => this.fit());
      on(window.visualViewport, "scroll", () => this.fit());
      on(window, "online", () => this.line.wake());
      on(window, "offline", () => this.line.hangUp());
      on(window, "pagehide", () => this.line.stop());
      on(window, "pageshow", (event) => event.persisted && this.resume());
      on(document, "visibilitychange", () => this.seen());
      on(window, "storage", (event) => event.key === this.token.key && this.line.wake());
      this.tabs();
      this.resume();
      this.fit();
    }

    /** The other tabs learn that the chat was deleted. */
    tabs() {
      if (!("BroadcastChannel" in window)) return;
      this.channel = new BroadcastChannel(this.token.key);
      this.channel.onmessage = ({ data }) => this.line.begun && this.conversation.heard({ type: "ended", receipt: data });
      this.gone.signal.addEventListener("abort", () => this.channel.close());
    }

    resume() {
      if (this.used && !this.conversation.over) this.line.start();
    }

    seen() {
      if (document.hidden || !this.line.running) return;
      this.line.wake();
      if (this.line.socket?.welcomed) this.line.renew(); // a socket that slept may be dead
    }

    /** Full screen on a small one, and above the phone's keyboard. */
    fit() {
      const full = (this.panel.full = this.full.matches);
      const { style } = this.panel.element;
      const view = window.visualViewport;
      this.frame.toggleAttribute("data-full", full);
      this.panel.element.setAttribute("aria-modal", String(full));
      style.setProperty("--view-height", view && full ? `${view.height}px` : "100dvh");
      style.setProperty("--view-top", view && full ? `${view.offsetTop}px` : "0px");
      if (this.list.following) this.list.toEnd();
    }

    // what the page may call

    async open() {
      if (!(await this.ready) || this.opened) return;
      this.opened = this.used = true;
      this.unread = 0;
      this.panel.element.hidden = false;
      this.name();
      this.composer.grow();
      this.conversation.over || this.line.start();
      this.list.show();
      this.list.toEnd();
      if (this.conversation.over) this.panel.ending.title.focus();
      else if (coarse()) this.panel.element.focus(); // the keyboard would hide what there is to read
      else this.composer.field.focus();
      this.event("open");
    }

    close() {
      if (!this.opened) return;
      this.opened = false;
      this.panel.element.hidden = true;
      this.name();
      if (!this.flag("hidden")) this.launcher.focus();
      this.event("close");
    }

    toggle() {
      return this.opened ? this.close() : this.open();
    }

    /** Opens the chat and says a text; one that is too long is left in the field. */
    async ask(text) {
      const said = String(text ?? "").trim();
      await this.open();
      if (!this.panel || !said) return;
      if (lengthOf(said) > this.settled.characters) return this.composer.write(said);
      if (this.conversation.over) this.panel.anew();
      this.conversation.say(said);
    }

    /** A choice or a typed text; the focus goes to where one goes on. */
    choose(text, typed) {
      this.list.follow();
      this.conversation.say(text);
      if (typed) return;
      if (coarse()) this.panel.element.focus({ preventScroll: true });
      else this.composer.field.focus({ preventScroll: true });
    }

    event(name, detail) {
      this.dispatchEvent(new CustomEvent(`strand-${name}`, { bubbles: true, composed: true, detail }));
    }

    /** The launcher's name says what it does, and what waits. */
    name() {
      const { texts, launcher, badge, opened, unread } = this;
      launcher.setAttribute("aria-expanded", String(Boolean(opened)));
      launcher.setAttribute("aria-label", opened ? texts.say("close") : texts.say(unread ? "open_new" : "open", { count: unread }));
      launcher.firstElementChild.replaceWith(icon(opened ? ICONS.down : ICONS.chat));
      badge.hidden = !unread;
      badge.textContent = unread;
    }

    // what the conversation tells

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

    settled_(settled) {
      Object.assign(this.settled, settled);
    }

    connection(state) {
      this.panel.connection(state);
    }

    typing() {
      this.list.person();
    }

    moment() {
      this.panel.announcer.tell(this.texts.say("one_moment"));
    }

    /** New messages of the other side: read out, counted, told to the page. */
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
      const who = from === "staff" ? texts.say("person", this.settled) : texts.say("assistant");
      const choices = buttons.length ? ` ${texts.say("choices")}: ${buttons.join(", ")}` : "";
      const passes = from === "staff" && payload.state !== "message";
      this.panel.announcer.tell(passes ? texts.say(payload.state, { name: who }) : `${who}: ${said.join(" ")}${choices}`);
      this.event("message", { from, kind: payload.kind });
      if (payload.kind === "handoff") this.event("handoff", { state: payload.state });
    }

    lost() {
      this.panel.announcer.tell(this.texts.say("lost"));
    }

    ended(receipt) {
      this.list.show();
      this.panel.ended(receipt);
      this.channel?.postMessage(receipt);
      this.event("ended");
    }
  }
