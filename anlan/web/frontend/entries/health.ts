// The health page looks again every few seconds: what it shows does not pass through the live stream.

import { refreshParts } from "../lib/parts";

const EVERY = 3000;

window.setInterval(() => {
  if (!document.hidden) void refreshParts(location.href);
}, EVERY);
