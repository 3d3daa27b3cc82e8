// The statistics beside the list follow what the list is asked.

import { refreshParts } from "../lib/parts";

document.addEventListener("htmx:afterSettle", (event) => {
  if ((event.target as HTMLElement).id === "listing-enterprises-body") void refreshParts(location.href);
});
