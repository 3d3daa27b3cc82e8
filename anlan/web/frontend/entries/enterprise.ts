// The file of an enterprise and the desk: levels, alarms and changes are rendered anew when something happens; paper.

import { live } from "kit/live";
import { coalesce } from "../lib/dom";
import { refreshParts } from "../lib/parts";

const later = coalesce(500, () => void refreshParts(location.href));
live.on("level", later);
live.on("alarm", later);
live.on("fact", later);
live.onGap(() => location.reload());

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
// a phone shows the content first and the tree folded
const fold = document.querySelector<HTMLDetailsElement>(".tree-fold");
if (fold && matchMedia("(max-width: 60rem)").matches) fold.open = false;
