// What somebody draws on the map: a circle or a ring to search in, a line or an area to measure. Enter ends, Escape gives up.

import { _ } from "kit/i18n";
import { one } from "../lib/dom";
import { set } from "./address";
import { collection } from "./features";
import { area, areaWords, length, lengthWords, type Spot } from "./geodesy";
import type { MapView } from "./view";

type Tool = "near" | "ring" | "distance" | "area";

const HINTS = (): Record<Tool, string> => ({
  near: _("点一下圆心"),
  ring: _("依次点出各个角，点回第一个角或按回车结束"),
  distance: _("依次点出线路，按回车结束"),
  area: _("依次点出各个角，按回车结束"),
});

export class Tools {
  onasked: () => void = () => undefined;
  /** The chosen place, from which distances can be measured. */
  place: () => number | null = () => null;
  private tool: Tool | null = null;
  private spots: Spot[] = [];
  private pointer: Spot | null = null;
  private readonly form = one<HTMLFormElement>("#area-form");

  constructor(private readonly view: MapView) {
    for (const button of document.querySelectorAll<HTMLElement>("[data-tool]")) {
      button.addEventListener("click", () => this.start(button.dataset["tool"] as Tool));
    }
    this.form.addEventListener("submit", (event) => this.submit(event));
    view.map.on("mousemove", ({ lngLat }) => this.follow([lngLat.lng, lngLat.lat]));
    view.map.on("dblclick", (event) => {
      if (this.tool) event.preventDefault();
      if (this.tool && this.tool !== "near") this.finish();
    });
    document.addEventListener("keydown", (event) => this.key(event), true);
  }

  private start(tool: Tool): void {
    this.stop();
    this.tool = tool;
    one<HTMLDetailsElement>("#map-area").open = false;
    this.hint(HINTS()[tool]);
    this.view.map.getCanvas().style.cursor = "crosshair";
    this.view.tool = (at) => this.add(at);
    this.view.map.getCanvas().focus();
  }

  private add(at: Spot): void {
    if (this.tool === "near") return this.ask("near", `${at[0].toFixed(6)},${at[1].toFixed(6)}`);
    const first = this.spots[0];
    if (this.tool === "ring" && first && this.spots.length > 2 && this.pixels(first, at) < 14) return this.finish();
    const last = this.spots.at(-1);
    if (!last || this.pixels(last, at) > 3) this.spots.push(at);
    this.draw();
  }

  private pixels(a: Spot, b: Spot): number {
    return this.view.map.project(a).dist(this.view.map.project(b));
  }

  private follow(at: Spot): void {
    if (!this.tool || !this.spots.length) return;
    this.pointer = at;
    this.draw();
  }

  private finish(): void {
    const { tool, spots } = this;
    this.pointer = null;
    if (tool === "ring" && spots.length > 2) {
      this.stop();
      return this.ask("ring", spots.map(([x, y]) => `${x.toFixed(6)},${y.toFixed(6)}`).join(","));
    }
    this.draw();
    this.release();
  }

  private release(): void {
    this.tool = null;
    this.view.tool = null;
    this.view.map.getCanvas().style.cursor = "";
    if (!this.spots.length) this.hint("");
  }

  /** Leave no sketch behind. */
  stop(): void {
    this.spots = [];
    this.pointer = null;
    this.release();
    this.hint("");
    this.view.put("sketch", collection([]));
  }

  private key(event: KeyboardEvent): void {
    if (!this.tool && !this.spots.length) return;
    if (event.key === "Escape") this.stop();
    else if (event.key === "Enter" && this.tool && this.spots.length) this.finish();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private ask(key: "near" | "ring", value: string): void {
    this.stop();
    const metres = one<HTMLInputElement>("[name=metres]", this.form);
    if (key === "near") {
      if (!metres.reportValidity()) return;
      set("metres", metres.value);
    }
    set(key, value);
    this.onasked();
  }

  /** Without a pointer: around the chosen place, or around every school. */
  private submit(event: Event): void {
    event.preventDefault();
    const data = new FormData(this.form);
    const from = String(data.get("from") ?? "");
    const place = this.place();
    one<HTMLDetailsElement>("#map-area").open = false;
    set("substance", String(data.get("substance") ?? "").trim() || null);
    if (from === "spot") return this.start("near");
    if (from === "place" && place === null) return this.hint(_("先在图上或区域树里选中一个地点。"));
    if (from) this.ask("near", from === "place" ? `place:${place}` : from);
    else this.onasked();
  }

  private draw(): void {
    const spots = this.pointer && this.tool ? [...this.spots, this.pointer] : this.spots;
    const closed = this.tool === "ring" || this.tool === "area" || this.closing;
    if (this.tool) this.closing = this.tool === "ring" || this.tool === "area";
    const line: GeoJSON.Geometry = { type: "LineString", coordinates: closed && spots.length > 2 ? [...spots, spots[0] as Spot] : spots };
    const words = closed ? areaWords(area(spots)) : lengthWords(length(spots));
    const features: GeoJSON.Feature[] = [{ type: "Feature", geometry: line, properties: {} }];
    if (closed && spots.length > 2) {
      features.push({ type: "Feature", geometry: { type: "Polygon", coordinates: [[...spots, spots[0] as Spot]] }, properties: {} });
    }
    spots.forEach((spot, row) => features.push({ type: "Feature", geometry: { type: "Point", coordinates: spot },
      properties: row === spots.length - 1 && spots.length > 1 ? { words } : {} }));
    this.view.put("sketch", collection(spots.length > 1 ? features : features.slice(1)));
    if (spots.length > 1) this.hint(words);
  }

  private closing = false;

  private hint(text: string): void {
    const hint = one("#map-hint");
    hint.hidden = text === "";
    hint.textContent = text;
  }
}
