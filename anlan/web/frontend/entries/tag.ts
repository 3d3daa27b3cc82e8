// The history of one tag: live at its end, any stretch of it at full detail after a brush.

import { live, type ValuesEvent } from "kit/live";
import { TagChart, type TagChartData } from "../lib/chart";
import { coalesce, getJson, one } from "../lib/dom";
import { append } from "../lib/series";

const box = one("#tag-chart");
const tag = Number(box.dataset["tag"]);
const span = Number(box.dataset["minutes"]) * 60_000;
const chart = new TagChart(box, true);
const whole = one<HTMLButtonElement>("#whole");
let data: TagChartData | null = null;
let zoomed: [number, number] | null = null;

async function load(query: string): Promise<void> {
  data = await getJson<TagChartData>(`${box.dataset["series"]}?${query}`);
  chart.show(data);
}

const loadAll = (): Promise<void> => load(`minutes=${box.dataset["minutes"]}`);

/** A stretch that was brushed is fetched again with as many points as the whole had. */
const detail = coalesce(250, () => {
  if (zoomed) void load(`start=${Math.round(zoomed[0])}&end=${Math.round(zoomed[1])}`);
});

chart.onzoom = (start, end) => {
  if (!data || end - start > 0.98 * (data.end - data.start)) return;
  zoomed = [start, end];
  whole.hidden = false;
  detail();
};

whole.addEventListener("click", () => {
  zoomed = null;
  whole.hidden = true;
  void loadAll();
});

const redraw = coalesce(1000, () => data && !zoomed && chart.show(data));

function take(values: ValuesEvent): void {
  const at = values.t.indexOf(tag);
  if (at < 0 || !data) return;
  const [value, ts] = [values.v[at] ?? null, values.ts[at] ?? 0];
  const now = one(".tag-now");
  now.textContent = value === null ? "—" : `${value.toFixed(data.decimals)} ${data.unit}`.trim();
  if (zoomed) return;
  append(data.series, ts, values.q[at] === 1 ? value : null, span);
  [data.start, data.end] = [Math.max(data.start, ts - span), Math.max(data.end, ts)];
  redraw();
}

live.on("values", take);
live.on("alarm", (alarm) => alarm.tag === tag && !zoomed && void loadAll());
live.onGap(() => location.reload());
live.subscribe({ tags: [tag] });
void loadAll();
