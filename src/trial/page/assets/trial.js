// Brings the parts of the page that follow the trial up to date when something has happened.
const settleMs = 150;
let timer = 0;

async function refresh() {
  const answer = await fetch(location.href, { headers: { "x-refresh": "1" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    // Whoever is in the middle of it with the keyboard stays there.
    if (!other || other.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
    part.replaceWith(document.adoptNode(other));
  }
}

new EventSource("/events").addEventListener("message", () => {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => {}), settleMs);
});
