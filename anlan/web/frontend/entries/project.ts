// A proposed project: the F-N curve before and with it.

import { one, pageData } from "../lib/dom";
import { type Curve, drawCurve } from "../park/fn";

const draw = (): void => drawCurve(one("#park-fn-chart"), pageData<Curve>("park-fn"));
draw();
addEventListener("anlan:theme", draw);
