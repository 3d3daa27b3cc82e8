/** The style page's own doings: drawn specimens, and buttons that show what comes and goes. */

import { ask } from "kit/ask";
import { _ } from "kit/i18n";
import { draw } from "kit/spark";
import { now } from "kit/time";
import { toast } from "kit/toast";
import { TagChart } from "../lib/chart";
import type { Series } from "../lib/series";

const STEP_MS = 60_000;

function series(values: (number | null)[], from = 0): Series {
  const known = values.map((value, at) => ({ value, ts: from + at * STEP_MS })).filter(({ value }) => value !== null);
  const column = known.map(({ value }) => value);
  return { ts: known.map(({ ts }) => ts), low: column, high: column, mean: column, good: column.map(() => true) };
}

/** A pressure that crosses two limits, with the alarm they raised. */
function drawChart(): void {
  const root = document.querySelector<HTMLElement>("#chart");
  if (!root) return;
  const end = now();
  const start = end - 60 * STEP_MS;
  const values = Array.from({ length: 61 }, (_none, at) => 2705 + 40 * Math.sin(at / 5) + Math.max(0, at - 30) * 7 + ((at * 17) % 7) * 3);
  const limits = [{ name: _("高限"), value: 2850 }, { name: _("高高限"), value: 2895 }];
  const alarms = [{ raised: start + 50 * STEP_MS, cleared: null, level: 4, name: _("高高限") }];
  new TagChart(root, false).show({ name: _("反应器压力"), unit: "kPa", decimals: 0, limits, alarms, series: series(values, start), start, end });
}

function drawTrends(): void {
  document.querySelectorAll<SVGElement>("svg[data-values]").forEach((svg) => {
    const { values = "", high = "" } = svg.dataset;
    const numbers = values === "" ? [] : values.split(",").map((text) => (text === "" ? null : Number(text)));
    draw(svg, numbers, high === "" ? {} : { high: Number(high) });
  });
}

const shows: Record<string, () => void> = {
  ask: () => void ask({ title: _("停用网关？"), text: _("停用后，它送来的数据会被拒收，53 个监测点将显示为未知。"), yes: _("停用") }),
  toast: () => toast(_("已确认报警：反应器压力高高限"), "info", { text: _("撤销"), run: () => undefined }),
  error: () => toast(_("连不上服务器，操作没有送出。请检查网络后再试。"), "error"),
};

document.querySelectorAll<HTMLElement>("[data-show]").forEach((button) => {
  button.addEventListener("click", () => shows[button.dataset["show"] ?? ""]?.());
});
document.querySelectorAll<HTMLInputElement>("[data-size-switch] input").forEach((input) => {
  input.addEventListener("change", () => (document.documentElement.dataset["size"] = input.value));
});
document.querySelector("[data-specimen]")?.addEventListener("submit", (event) => event.preventDefault());
document.querySelector(".layer-control")?.addEventListener("submit", (event) => event.preventDefault());
drawTrends();
drawChart();
