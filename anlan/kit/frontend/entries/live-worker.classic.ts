/** The SharedWorker that holds the browser's one live connection. */

import { Hub } from "kit/live-hub";

const hub = new Hub(false);
addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) hub.connect(port);
});
