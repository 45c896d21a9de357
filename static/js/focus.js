// Browsers ignore the autofocus attribute inside another site's frame.
if (self !== top) document.querySelector("[autofocus]")?.focus();
