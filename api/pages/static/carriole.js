// Small helps where scripts run; every page is whole without them.

// What was said once is not said again when the page is read again.
const address = new URL(location.href);
if (address.searchParams.has("said")) {
  address.searchParams.delete("said");
  history.replaceState(null, "", address);
}

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.ask)) event.preventDefault();
  });
}

// One wish, one press: the key in the form would do it once anyway.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    setTimeout(() => form.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", "true")));
  });
}

// Who comes back to a page by the browser's button finds its buttons as they were.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("[aria-disabled]").forEach((one) => one.removeAttribute("aria-disabled"));
});

// What was refused is where the keyboard and the voice go on from.
document.getElementById("refused")?.focus();

// A page that names what it waits for is read again when that happens; never one that a form made, for
// reading it again would send the form again.
const live = document.querySelector("[data-live]");
if (live && !document.getElementById("refused") && "EventSource" in window) {
  const events = new EventSource(live.dataset.live);
  const typed = () => document.activeElement && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  let due = 0;
  const again = () => {
    clearTimeout(due);
    due = setTimeout(() => (typed() ? again() : location.reload()), 400);
  };
  for (const topic of (live.dataset.topics || "message").split(" ")) events.addEventListener(topic, again);
}
