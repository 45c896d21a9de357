/* Warns before the sign-in ends, and shows nothing of a member's page once it has. */
(() => {
  "use strict";

  const dialog = document.querySelector("[data-session]");
  const { session: mark, url } = dialog.dataset;
  const warnSeconds = Number(dialog.dataset.warnSeconds); // before the end
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const CANCELLED = 15000; // milliseconds after which a page that is still here has not been left
  let sent = 0; // when a form went on its way: whoever leaves before its answer would not learn what became of it
  let leaving; // the timer that opens the page anew
  let end; // when the sign-in ends, on this machine's clock
  let warnAt;
  let asking = false;
  let closed = false; // the person has read that there is nothing to prolong

  /** Takes over what the server says of the sign-in. */
  function note({ seconds, can_stay: canStay }) {
    end = Date.now() + seconds * 1000;
    warnAt = end - warnSeconds * 1000;
    for (const either of dialog.querySelectorAll("[data-session-if]")) {
      either.hidden = either.dataset.sessionIf !== (canStay ? "yes" : "no");
    }
    if (dialog.open && Date.now() < warnAt) dialog.close();
  }

  /** Asks the server how long the sign-in still holds; POST prolongs it. Says whether it is still the one of this page. */
  async function ask(method = "GET") {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = method === "POST" ? { "X-CSRFToken": token } : {};
    if (self !== top) headers["X-Framed"] = "1"; // which of a browser's two sign-ins it is about
    const response = await fetch(url, { method, headers, cache: "no-store", credentials: "same-origin" });
    const now = await response.json();
    if (now.mark !== mark) return false;
    note(now);
    return true;
  }

  /** Leaves the page if the server says that its sign-in has ended; a server that can't be reached says nothing. */
  async function look() {
    asking = true;
    const holds = await ask().catch(() => true);
    asking = false;
    if (!holds) leave();
  }

  /** Shows nothing any more and opens the page anew, which leads to the sign-in and from there back. */
  function leave() {
    if (leaving) return; // a second request would swallow the answer of the first
    blank(true);
    const anew = () => location.replace(location.pathname + location.search);
    leaving = setTimeout(anew, Math.max(0, sent + CANCELLED - Date.now()));
  }

  function blank(isBlank) {
    document.documentElement.hidden = isBlank;
  }

  async function tick() {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    part("seconds").textContent = Math.max(seconds, 0);
    const isTold = (dialog.open || closed) && seconds > 0;
    if (Date.now() < warnAt || asking || isTold) return;
    await look(); // another window may have prolonged it
    if (Date.now() >= end) leave();
    else if (Date.now() >= warnAt) dialog.showModal();
  }

  async function stay() {
    part("failed").hidden = true;
    try {
      if (!(await ask("POST"))) leave();
    } catch {
      part("failed").hidden = false;
    }
  }

  part("stay").addEventListener("click", stay);
  part("close").addEventListener("click", () => {
    closed = true;
    dialog.close();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape is no answer
  note({ seconds: Number(dialog.dataset.seconds), can_stay: dialog.dataset.canStay === "yes" });
  setInterval(tick, 1000);
  document.querySelector("[data-session-hint]").remove(); // says what to do without this script

  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = Date.now();
  });

  // A page that the browser keeps for Back is blank until the server has said that this sign-in still holds.
  addEventListener("pagehide", (event) => blank(event.persisted));
  addEventListener("pageshow", async (event) => {
    if (!event.persisted) return;
    clearTimeout(leaving);
    leaving = undefined;
    sent = 0;
    if (await ask().catch(() => false)) blank(false);
    else leave();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !document.documentElement.hidden) look();
  });
})();
