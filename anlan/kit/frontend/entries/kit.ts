/** What every page has: htmx, clocks, connection state, menus, navigation, finding, theme, questions, toasts. */

import "kit/htmx";
import { start as startAsking } from "kit/ask";
import { start as startBell } from "kit/bell";
import { start as showConnection } from "kit/connection";
import { start as openDemoDoor } from "kit/demo-door";
import { start as startFinding } from "kit/find";
import { live } from "kit/live";
import { start as startMenus } from "kit/menu";
import { start as startNav } from "kit/nav";
import { follow } from "kit/theme";
import { startClocks } from "kit/time";
import { start as startToasts } from "kit/toast";

follow();
startClocks();
startMenus();
startNav();
startFinding();
openDemoDoor();
startAsking();
startToasts();
showConnection();
startBell();
live.start();
