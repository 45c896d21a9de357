/* Talks to the web site around the portal: how tall the page is, which one it is; never whose it is. See embed.js. */
(() => {
  "use strict";

  const { origins, page, signedIn, routes } = document.currentScript.dataset;
  const listed = origins.split(" ");
  const paths = new Map(Object.entries(JSON.parse(routes)));
  const root = document.documentElement;
  const CANCELLED = 15000; // milliseconds after which a page that is still here has not been left
  const TALLEST = 20000; // pixels that the frame grows to, see embed.js; what is taller scrolls
  let sending = false; // a form is on its way: whoever leaves now would not learn what became of it
  let site = ""; // the origin of the page around us, once it has said hello and stands in the studio's list

  /** Tells the page around us, and nobody else: before it has said hello nobody is told anything. */
  function post(type, data) {
    if (site) parent.postMessage({ portal: 1, type, ...data }, site);
  }

  // Not scrollHeight: it never shrinks below the height of the frame.
  const height = () => Math.ceil(root.getBoundingClientRect().height);

  function fit() {
    const tall = height();
    root.classList.toggle("framed", tall <= TALLEST);
    post("size", { height: tall });
  }

  function busy(now) {
    sending = now;
    post("busy", { busy: now });
  }

  function reveal(element) {
    const { top, height } = element.getBoundingClientRect();
    post("reveal", { top, height });
  }

  const commands = {
    hello({ again }, origin) {
      if (site) return;
      site = origin;
      const known = { yes: true, no: false }[signedIn];
      post("ready", { page, height: height(), ...(known === undefined ? {} : { signedIn: known }) });
      new ResizeObserver(fit).observe(root);
      for (const link of document.querySelectorAll("[data-window]")) link.search = new URLSearchParams({ site });
      // Browsers ignore the attribute inside another site's frame. On its first page the frame takes no focus away.
      if (again) document.querySelector("[autofocus]")?.focus({ preventScroll: true });
    },
    view({ top, height }) {
      if (Number.isFinite(top)) root.style.setProperty("--view-top", `${top}px`);
      if (Number.isFinite(height)) root.style.setProperty("--view-height", `${height}px`);
    },
    goTo({ page }) {
      if (paths.has(page)) location.assign(paths.get(page));
    },
    signOut() {
      document.querySelector("form[action$='/sign-out/']")?.requestSubmit();
    },
    setLanguage({ language }) {
      for (const button of document.querySelectorAll("button[name=language]")) if (button.value === language) button.click();
    },
  };
  const LEAVING = ["goTo", "signOut", "setLanguage"];

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || !listed.includes(origin) || data?.portal !== 1) return;
    if (!Object.hasOwn(commands, data.type)) return;
    if (LEAVING.includes(data.type)) {
      if (sending) return; // the site asks again
      post("heard");
    }
    commands[data.type](data, origin);
  });

  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    busy(true);
    setTimeout(() => busy(false), CANCELLED);
  });
  addEventListener("pagehide", () => post("busy", { busy: true, leaving: true }));
  addEventListener("pageshow", (event) => {
    if (event.persisted) busy(false);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("main, dialog *")) reveal(target);
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    new MutationObserver(() => dialog.open && reveal(dialog)).observe(dialog, { attributeFilter: ["open"] });
  }
})();
