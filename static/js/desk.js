/* The desk on a shared tablet: locks when nobody is there, shows nothing once it is locked, and moves in lists by keys. */
(() => {
  "use strict";

  const { idleSeconds, lockUrl, presenceUrl, unlockUrl } = document.currentScript.dataset;
  const SAY_SO_EVERY = 20000; // milliseconds
  const CANCELLED = 15000; // milliseconds after which a page that is still here has not been left
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("desk") : null;
  let end = Date.now() + Number(idleSeconds) * 1000;
  let said = Date.now();
  let sent = 0; // when a form went on its way: whoever leaves before its answer would not learn what became of it
  let gone = false;

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  /** Tells the server that somebody is there, or asks; leaves the page when the desk is not open any more. */
  async function say(method = "POST") {
    said = Date.now();
    try {
      const response = await send(method, presenceUrl);
      if (!(await response.json()).open) leave();
    } catch {
      // A server that can't be reached says nothing; the clock here goes on.
    }
  }

  function send(method, url) {
    const headers = method === "POST" ? { "X-CSRFToken": token() } : {};
    return fetch(url, { method, headers, cache: "no-store", credentials: "same-origin" });
  }

  function leave() {
    if (gone) return;
    gone = true;
    document.documentElement.hidden = true;
    const anew = `${unlockUrl}?next=${encodeURIComponent(location.pathname)}`;
    setTimeout(() => location.replace(anew), Math.max(0, sent + CANCELLED - Date.now()));
  }

  /** Nobody was there, in no window: the server locks, whatever it has counted itself. */
  async function lock() {
    document.documentElement.hidden = true;
    await send("POST", lockUrl).catch(() => null);
    leave();
  }

  function touched() {
    end = Date.now() + Number(idleSeconds) * 1000;
  }

  function isThere() {
    touched();
    channel?.postMessage("touched");
    if (Date.now() - said > SAY_SO_EVERY) say();
  }

  function look() {
    if (Date.now() >= end && !document.documentElement.hidden) lock();
  }

  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, isThere, { passive: true });
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = Date.now();
  });
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    look();
    say("GET");
  });
  channel?.postMessage("touched"); // a page that was opened was opened by somebody

  // A page that goes tells the server; whichever comes next, or is still there, says that it was no closing.
  addEventListener("pagehide", (event) => {
    document.documentElement.hidden = event.persisted;
    navigator.sendBeacon(presenceUrl, new URLSearchParams({ left: "1", csrfmiddlewaretoken: token() }));
    channel?.postMessage("left");
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  channel?.addEventListener("message", ({ data }) => {
    if (data === "touched") touched();
    else if (!document.documentElement.hidden) say();
  });
  setTimeout(say, 500); // after the beacon of the page before

  /** Arrow keys move through people that were found; the box takes them to the first. */
  const results = [...document.querySelectorAll("[data-results] button")];
  const box = document.querySelector("[role=search] input[name=q]");
  addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = results.indexOf(document.activeElement);
    if (!step || !results.length || (at < 0 && document.activeElement !== box)) return;
    event.preventDefault();
    (results[at + step] ?? (at + step < 0 ? box : results.at(-1))).focus();
  });
})();
