/** Pages with a list. */

import { start } from "kit/listing";

start();
