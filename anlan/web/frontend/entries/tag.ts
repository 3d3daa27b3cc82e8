// The chart page and the page of one tag: the same chart.

import { AddBox } from "../chart/add";
import type { DeskConfig } from "../chart/data";
import { Desk } from "../chart/desk";
import { pageData } from "../lib/dom";

const config = pageData<DeskConfig>("chart-desk");
const add = document.querySelector<HTMLElement>("[data-add]");
if (document.querySelector("[data-chart-desk]")) new Desk(config);
if (add) new AddBox(add, config);
