/* Puts the member portal into a gym's own web site: docs/embedding.md explains it, embed.d.ts has its types. */
(() => {
  "use strict";

  const PAGES = ["profile", "contact", "address", "master", "payment"];
  const TEXTS = {
    en: ["Member portal", "Loading the member portal …", "The member portal can't be shown here right now.", "Open it in a new window"],
    de: ["Mitgliederportal", "Das Mitgliederportal wird geladen …", "Das Mitgliederportal kann hier gerade nicht gezeigt werden.", "In einem neuen Fenster öffnen"],
  };
  const SCHEMES = { light: "light", dark: "dark", auto: "light dark" };
  const SILENCE = 5000; // milliseconds from the frame's load event until we give up waiting for its word
  const HANGING = 30000; // and until we give up waiting for that event
  const TALLEST = 20000; // what is taller scrolls, see frame.js

  const complain = (problem) => console.error(`MemberPortal: ${problem}`);

  const script = document.currentScript ?? document.querySelector("script[data-studio][src*='embed.js']");
  if (!script?.src) return complain("embed.js has to be loaded by a script element of its own.");
  const origin = new URL(script.src).origin;

  function text(value) {
    try {
      return String(value ?? "");
    } catch {
      return "?";
    }
  }

  function pixels(value, usual) {
    const amount = value ? parseFloat(value) : usual;
    if (amount >= 0) return Math.min(amount, TALLEST);
    complain(`"${value}" is no height in pixels.`);
    return usual;
  }

  function make(name, style, words) {
    const element = document.createElement(name);
    Object.assign(element.style, style); // not an attribute, which a strict policy of the page would forbid
    if (words) element.textContent = words;
    return element;
  }

  const noPage = (page) => `"${text(page)}" is no page; there are ${PAGES.join(", ")}.`;

  class Portal {
    #frame;
    #box = make("div", { gridArea: "1 / 1", padding: "1.5rem", textAlign: "center" });
    #texts;
    #options;
    #connected = false; // the page in the frame has answered
    #visited = false; // one of its pages has
    #signedIn;
    #height;
    #isBusy = false;
    #waiting; // what no page has heard yet
    #timer;
    #settle;
    #ended = new AbortController();

    constructor(element, options, problem, before) {
      this.element = element;
      this.settled = new Promise((settle) => (this.#settle = settle));
      this.#options = options;
      const { studio = "", page = "profile", language = "" } = options;
      const shown = (language || document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase();
      this.#texts = TEXTS[shown] ?? TEXTS.en;
      this.#box.setAttribute("role", "status");
      if (!/^[a-z0-9-]+$/.test(studio)) return this.#fail(`"${studio}" is no studio; name it as its addresses in the portal do.`);
      this.url = `${origin}/${studio}/`;
      if (problem || !PAGES.includes(page)) return this.#fail(problem || noPage(page));
      const url = `${this.url}embed/?${new URLSearchParams({ page, language })}`;
      // One after the other: two first answers at once would each set the cookie that protects forms, and one would lose.
      Promise.resolve(before).then(() => this.#ended.signal.aborted || this.#open(url));
    }

    goTo(page) {
      if (PAGES.includes(page)) this.#ask("goTo", { page });
      else complain(noPage(page));
    }

    signOut() {
      this.#ask("signOut");
    }

    setLanguage(language) {
      this.#ask("setLanguage", { language: text(language) });
    }

    isSignedIn() {
      return this.#signedIn === true;
    }

    destroy() {
      this.#ended.abort();
      this.#settle();
      clearTimeout(this.#timer);
      this.#frame?.parentElement.remove();
      this.#box.remove();
      if (all.includes(this)) all.splice(all.indexOf(this), 1);
    }

    #open(url) {
      const { minHeight, topOffset, colorScheme } = this.#options;
      const [title, loading] = this.#texts;
      this.minHeight = pixels(minHeight, 320);
      this.topOffset = pixels(topOffset, 0);
      this.#box.textContent = loading;
      this.#frame = make("iframe", {
        gridArea: "1 / 1", display: "block", width: "100%", minWidth: "100%", height: `${this.minHeight}px`, border: "0",
        background: "transparent", opacity: "0", scrollMarginTop: `${this.topOffset}px`, transition: "opacity .15s", colorScheme: SCHEMES[colorScheme] ?? "",
      });
      Object.assign(this.#frame, { src: url, title, referrerPolicy: "no-referrer" });
      this.#listen(this.#frame, "load", () => {
        this.#expect(SILENCE);
        this.#post("hello", { again: this.#visited });
      });
      this.#listen(window, "message", (event) => this.#hear(event));
      for (const name of ["scroll", "resize"]) this.#listen(window, name, () => this.#show());
      const stage = make("div", { display: "grid", gridTemplateColumns: "minmax(0, 1fr)", minHeight: `${this.minHeight}px` });
      stage.append(this.#box, this.#frame);
      this.element.append(stage);
      this.#expect(HANGING);
    }

    #listen(target, name, listener) {
      target.addEventListener(name, listener, { passive: true, signal: this.#ended.signal });
    }

    #expect(milliseconds) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#fail(`no answer from ${this.url}. Does this studio exist there, and is ${location.origin} one of its embed_origins?`), milliseconds);
    }

    /** Says in the page what is wrong and where the portal is; never throws. */
    #fail(problem) {
      complain(problem);
      this.#settle();
      const [, , failed, open] = this.#texts;
      this.#box.replaceChildren(make("p", {}, failed));
      Object.assign(this.#box.style, { border: "1px solid", borderRadius: "8px" });
      if (this.url) {
        const link = Object.assign(make("a", { color: "inherit" }, open), { href: this.url, target: "_blank", rel: "noopener" });
        this.#box.append(link);
      }
      this.#height = undefined;
      if (this.#frame) Object.assign(this.#frame.style, { height: "0", opacity: "0" });
      if (!this.#box.isConnected) this.element.append(this.#box);
    }

    #post(type, data) {
      this.#frame?.contentWindow?.postMessage({ portal: 1, type, ...data }, origin);
    }

    /** Asks until a page has heard: this one may be sending a form, or be gone. */
    #ask(type, data) {
      this.#waiting = [type, data];
      this.#again();
    }

    #again() {
      if (this.#waiting && this.#connected) this.#post(...this.#waiting);
    }

    #tell(name, detail) {
      this.element.dispatchEvent(new CustomEvent(`memberportal:${name}`, { bubbles: true, detail: { portal: this, ...detail } }));
    }

    #hear({ source, origin: from, data }) {
      if (source !== this.#frame?.contentWindow || from !== origin || data?.portal !== 1) return;
      if (data.type === "ready") this.#ready(data);
      else if (!this.#connected) return;
      else if (data.type === "size") this.#resize(data.height);
      else if (data.type === "heard") this.#waiting = undefined;
      else if (data.type === "reveal") this.#reveal(Number(data.top), Number(data.height));
      else if (data.type === "busy") this.#busy(data.busy === true, data.leaving === true);
    }

    #ready({ page, signedIn, height }) {
      const first = !this.#visited;
      clearTimeout(this.#timer);
      this.#settle();
      this.#connected = this.#visited = true;
      this.#box.remove();
      if (first) this.#tell("ready");
      this.#resize(height);
      this.#show();
      if (!first) this.#toTop();
      this.#tell("page", { page: String(page) });
      if (typeof signedIn === "boolean" && signedIn !== this.#signedIn) {
        this.#signedIn = signedIn;
        this.#tell(signedIn ? "signedIn" : "signedOut", { signedIn });
      }
      this.#busy(false);
    }

    #resize(wanted) {
      if (!Number.isFinite(wanted)) return;
      const height = Math.min(Math.max(wanted, this.minHeight), TALLEST);
      if (height === this.#height) return;
      this.#height = height;
      this.#frame.style.height = `${height}px`;
      this.#tell("resize", { height });
    }

    /** Tells the page in the frame which part of it can be seen, so that a dialog appears there. */
    #show() {
      if (!this.#connected) return;
      const { top, bottom } = this.#frame.getBoundingClientRect();
      const from = Math.max(this.topOffset - top, 0);
      this.#post("view", { top: from, height: Math.max(Math.min(bottom, innerHeight) - top - from, 0) });
    }

    #toTop() {
      const { top } = this.#frame.getBoundingClientRect();
      if (top < this.topOffset || top > innerHeight / 2) this.#frame.scrollIntoView({ block: "start", behavior: "instant" });
    }

    #reveal(from, height) {
      if (!Number.isFinite(from) || !Number.isFinite(height)) return;
      const top = this.#frame.getBoundingClientRect().top + from - this.topOffset - 16;
      const below = top + height + this.topOffset + 32 - innerHeight;
      const by = top < 0 ? top : Math.min(Math.max(below, 0), top);
      if (by) scrollBy({ top: by, behavior: "instant" });
    }

    #busy(busy, leaving) {
      if (leaving) this.#connected = false; // and what is asked of it now waits for the next one
      Object.assign(this.#frame.style, { opacity: busy ? ".6" : "1", transitionDelay: busy ? ".4s" : "0s" });
      this.#again();
      if (busy === this.#isBusy) return;
      this.#isBusy = busy;
      this.element.setAttribute("aria-busy", busy);
      this.#tell("busy", { busy });
    }
  }

  /** Where a portal, or the word that it has no place, stands without a target. */
  function behindScript() {
    const place = make("div", {});
    if (document.head.contains(script)) (document.body ?? document.documentElement).prepend(place); // where a file with nothing else in it has it too
    else script.after(place);
    return place;
  }

  function find(place) {
    if (place instanceof Element) return place;
    try {
      return document.querySelector(place);
    } catch {
      return null; // no selector at all
    }
  }

  function create(place, options) {
    const element = find(place);
    const problem = element ? "" : `there is no element "${text(place)}" to put the portal into.`;
    const given = Object.fromEntries(Object.entries(options ?? {}).map(([name, value]) => [name, text(value)]));
    const portal = new Portal(element ?? behindScript(), given, problem, all.at(-1)?.settled);
    all.push(portal);
    return portal;
  }

  function start() {
    const { target, ...options } = script.dataset;
    create(target ?? behindScript(), options);
  }

  // An element of the page may have this name.
  if (!Array.isArray(window.MemberPortal?.portals)) window.MemberPortal = { portals: [], create };
  const all = window.MemberPortal.portals;
  if (!("studio" in script.dataset)) return; // the page calls create() itself
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
