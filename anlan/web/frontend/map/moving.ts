// What moves by itself: each new position is gone to step by step, so that nothing jumps. Few of them are moved many times a
// second; many only when there is news, because each step draws the whole layer anew.

import { asLevel } from "../lib/levels";
import type { MovesEvent } from "kit/live";
import { collection, movingFeature } from "./features";
import { type Columns, type Mark, rows } from "./feed";

/** A way between two positions takes as long as they were apart, within these bounds [ms]. */
const [SHORTEST, LONGEST] = [400, 4_000];
/** So many may be drawn again several times a second; this long apart [ms]. */
const FEW = 150;
const [STEP, SELDOM] = [120, 700];
/** A leap is not a way: farther than this [degree] it is simply there. */
const LEAP = 0.02;

interface Traveller extends Mark { fromX: number; fromY: number; toX: number; toY: number; began: number; takes: number; told: number }

export class Moving {
  private readonly all = new Map<number, Traveller>();
  private timer = 0;

  constructor(private readonly draw: (data: GeoJSON.FeatureCollection) => void) {}

  /** All that are in sight now, as the server last knew. */
  take(columns: Columns): GeoJSON.FeatureCollection {
    const known = new Set(columns.id);
    for (const id of this.all.keys()) if (!known.has(id)) this.all.delete(id);
    for (const mark of rows(columns)) {
      const had = this.all.get(mark.id);
      if (had) had.level = mark.level;
      else this.all.set(mark.id, { ...mark, fromX: mark.x, fromY: mark.y, toX: mark.x, toY: mark.y, began: 0, takes: 1, told: 0 });
    }
    return this.features();
  }

  has(id: number): boolean {
    return this.all.has(id);
  }

  recolour(id: number, level: number): void {
    const one = this.all.get(id);
    if (!one) return;
    one.level = asLevel(level);
    this.wake();
  }

  hear({ p, x, y, ts }: MovesEvent): void {
    const now = performance.now();
    p.forEach((id, row) => {
      const one = this.all.get(id);
      if (one) this.send(one, x[row] ?? one.x, y[row] ?? one.y, ts[row] ?? 0, now);
    });
    this.wake();
  }

  private send(one: Traveller, x: number, y: number, told: number, now: number): void {
    const leap = Math.abs(x - one.x) + Math.abs(y - one.y) > LEAP || !one.told || this.all.size > FEW;
    Object.assign(one, { fromX: leap ? x : one.x, fromY: leap ? y : one.y, toX: x, toY: y, began: now,
      takes: Math.min(Math.max(told - one.told, SHORTEST), LONGEST), told });
  }

  private wake(): void {
    if (!this.timer) this.timer = window.setTimeout(() => this.step(), this.all.size > FEW ? SELDOM : STEP);
  }

  private step(): void {
    this.timer = 0;
    if (document.hidden) return;
    const now = performance.now();
    let going = false;
    for (const one of this.all.values()) going = this.place(one, now) || going;
    this.draw(this.features());
    if (going && this.all.size <= FEW) this.wake();
  }

  private place(one: Traveller, now: number): boolean {
    const share = Math.min((now - one.began) / one.takes, 1);
    one.x = one.fromX + (one.toX - one.fromX) * share;
    one.y = one.fromY + (one.toY - one.fromY) * share;
    return share < 1;
  }

  features(): GeoJSON.FeatureCollection {
    return collection([...this.all.values()].map(movingFeature));
  }
}
