// Drag over the chart to choose a stretch of time, double-click to see more, turn the wheel with Ctrl to zoom, with Shift to move.

import type { EChartsType } from "echarts/core";

export interface Wanted { take: (start: number, end: number) => void; wider: (at: number) => void; turn: (share: number) => void }

const LEAST = 6; // px; less is a click

export class Brush {
  private readonly mark = document.createElement("div");
  private from: number | null = null;

  constructor(private readonly box: HTMLElement, private readonly chart: EChartsType, private readonly wanted: Wanted) {
    this.mark.className = "chart-brush";
    this.mark.hidden = true;
    box.parentElement?.append(this.mark);
    box.addEventListener("pointerdown", (event) => this.begin(event));
    box.addEventListener("pointermove", (event) => this.draw(event));
    box.addEventListener("pointerup", (event) => this.end(event));
    box.addEventListener("pointercancel", () => this.stop());
    box.addEventListener("dblclick", (event) => wanted.wider(this.time(event.offsetX)));
    box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private time(x: number): number {
    return Number(this.chart.convertFromPixel({ xAxisIndex: 0 }, x));
  }

  private x({ clientX }: MouseEvent): number {
    const { left, width } = this.box.getBoundingClientRect();
    return Math.min(Math.max(clientX - left, 0), width);
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === "touch" && !event.isPrimary) return;
    this.from = this.x(event);
    this.box.setPointerCapture(event.pointerId);
  }

  private draw(event: PointerEvent): void {
    if (this.from === null) return;
    const [left, right] = [this.from, this.x(event)].sort((a, b) => a - b) as [number, number];
    this.mark.hidden = right - left < LEAST;
    this.mark.style.left = `${left}px`;
    this.mark.style.width = `${right - left}px`;
  }

  private end(event: PointerEvent): void {
    if (this.from === null) return;
    const [left, right] = [this.from, this.x(event)].sort((a, b) => a - b) as [number, number];
    this.stop();
    if (right - left >= LEAST) this.wanted.take(this.time(left), this.time(right));
  }

  private stop(): void {
    this.from = null;
    this.mark.hidden = true;
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const by = event.deltaY || event.deltaX;
    if (event.shiftKey) return this.wanted.turn(Math.sign(by) * 0.1);
    if (by > 0) return this.wanted.wider(this.time(this.x(event)));
    const at = this.time(this.x(event));
    const [start, end] = [this.time(this.edge(0)), this.time(this.edge(1))];
    this.wanted.take(at - (at - start) / 2, at + (end - at) / 2);
  }

  /** The plot's left (0) or right (1) edge in px. */
  private edge(side: 0 | 1): number {
    const grid = (this.chart.getOption()["grid"] as { left: number; right: number }[])[0];
    return side === 0 ? (grid?.left ?? 0) : this.box.clientWidth - (grid?.right ?? 0);
  }
}
