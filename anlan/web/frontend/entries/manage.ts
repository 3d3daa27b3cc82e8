// What the pages of the management share.

import { startChoosing } from "../manage/choose";
import { copyOnClick, explainCodes, followHow, keepDrafts, pickRows, sayBusy, sayGrant } from "../manage/forms";

startChoosing();
keepDrafts();
explainCodes();
sayGrant();
pickRows();
copyOnClick();
sayBusy();
followHow();
