/** Having a report made: the place is chosen by typing part of its name. */

import { startChoosing } from "../manage/choose";

startChoosing();
