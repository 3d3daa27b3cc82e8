// The desk of a park, and its gates: parts rendered anew when something changes there.

import { live } from "kit/live";
import { coalesce, one } from "../lib/dom";
import { refreshParts } from "../lib/parts";

const here = Number(one("#park").dataset["park"]);
const later = coalesce(500, () => void refreshParts(location.href));
live.on("level", later);
live.on("alarm", later);
live.on("park", ({ place }) => { if (place === here) later(); });
live.onGap(() => location.reload());
