/** The number of unread notices beside the bell. */

import { live } from "kit/live";

export function start(): void {
  const count = document.querySelector<HTMLElement>("#bell .count");
  if (!count) return;
  live.on("notice", () => {
    const unread = Number(count.dataset["unread"]) + 1;
    count.dataset["unread"] = String(unread);
    count.textContent = unread > 99 ? "99+" : String(unread);
    count.hidden = false;
  });
}
