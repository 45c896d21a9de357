/* Lets nobody find what somebody typed: a page that carries it goes away by itself, and does not come back with Back. */
(() => {
  "use strict";

  const { keptSeconds, startUrl } = document.querySelector("[data-kept-seconds]").dataset;
  const end = Date.now() + Number(keptSeconds) * 1000;

  function leave() {
    document.documentElement.hidden = true;
    location.replace(startUrl);
  }

  function leaveInTime() {
    if (Date.now() >= end) leave();
  }

  setInterval(leaveInTime, 1000);
  document.addEventListener("visibilitychange", leaveInTime);
  addEventListener("pagehide", (event) => {
    document.documentElement.hidden = event.persisted;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) leave();
  });
})();
