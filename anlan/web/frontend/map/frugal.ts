// Without a graphics card the processor paints every pixel. While such a map moves, the picture that is there slides and
// grows with the hand, and is painted anew, coarsely, only where that would leave a gap; at rest it is painted sharp. The same
// on a card that cannot keep up.

import type { LngLat, Map as MapLibre } from "maplibre-gl";

/** A share of the screen's own pixels, each way. */
const COARSE = 0.5;
/** A picture that comes later than this after the one before is seen as stutter [ms]; so many in a row tell a slow device. */
const LATE = 45;
const IN_A_ROW = 4;
/** At rest for so long, it is drawn sharp; a hand that only pauses does not pay for it [ms]. */
const REST = 160;
/** A gap beside the picture, as a share of the view, and a stretch of it (steps of zoom), that are worth painting for. */
const GAP = 0.01;
const STRETCH = 0.75;
/** The first picture waits for all that is in it; for so long at most [ms]. */
const PATIENCE = 1_500;
/** Painting while the hand moves takes at most one part in so many of the time. */
const SPARING = 4;

function paintsInSoftware(canvas: HTMLCanvasElement): boolean {
  const gl = canvas.getContext("webgl2");
  const known = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && known ? String(gl.getParameter(known.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/** What lies on the canvas: of which middle and zoom it was painted, and when. */
interface Picture { center: LngLat; zoom: number; at: number }

export class Frugal {
  private slow: boolean;
  private coarse = false;
  private changing = false;
  private must = false;
  private picture: Picture | null = null;
  private drawn = 0;
  private late = 0;
  private waiting = 0;
  private closing = 0;
  private cost = 0;
  private loaded = false;
  private readonly born = performance.now();

  constructor(private readonly map: MapLibre) {
    this.slow = paintsInSoftware(map.getCanvas());
    this.interpose();
    map.on("movestart", () => this.start());
    map.on("move", () => this.move());
    map.on("render", () => this.watch());
    map.on("idle", () => this.rest());
    if (!this.slow) return;
    setTimeout(() => map.triggerRepaint(), PATIENCE);
  }

  /** Painting happens when it must; else what is painted slides. */
  private interpose(): void {
    const { painter } = this.map;
    const paint = painter.render.bind(painter);
    painter.render = (...told) => {
      if (this.slow && this.map.isMoving() && this.picture && !this.must) return this.slide();
      if (this.slow && !this.picture && this.comesYet()) return;
      this.note();
      this.map.getCanvas().style.transform = "";
      paint(...told);
    };
  }

  /** Each tile that comes would otherwise be painted with all that came before it, before anybody can look at it. */
  private comesYet(): boolean {
    return !this.map.loaded() && performance.now() - this.born < PATIENCE;
  }

  /** A picture is painted now; the second frame after it tells what that cost. */
  private note(): void {
    clearTimeout(this.closing);
    this.closing = 0;
    this.must = false;
    const at = performance.now();
    this.picture = { center: this.map.getCenter(), zoom: this.map.getZoom(), at };
    requestAnimationFrame(() => requestAnimationFrame(() => (this.cost = performance.now() - at)));
  }

  private slide(): void {
    const [x, y, stretch] = this.shift();
    this.map.getCanvas().style.transform = `translate(${x}px, ${y}px) scale(${stretch})`;
  }

  /** How far the picture has to slide [px], and by how much to grow, to lie where the map is now. */
  private shift(): [x: number, y: number, stretch: number] {
    const { center, zoom } = this.picture ?? { center: this.map.getCenter(), zoom: this.map.getZoom() };
    const { x, y } = this.map.project(center);
    const { clientWidth, clientHeight } = this.map.getContainer();
    return [x - clientWidth / 2, y - clientHeight / 2, 2 ** (this.map.getZoom() - zoom)];
  }

  /** Whether the picture that slid leaves a gap at an edge, or is stretched too much. */
  private lacks(): boolean {
    const [x, y, stretch] = this.shift();
    const { clientWidth, clientHeight } = this.map.getContainer();
    const gap = Math.max(Math.abs(x) / clientWidth, Math.abs(y) / clientHeight) - (stretch - 1) / 2;
    return gap > GAP || Math.abs(Math.log2(stretch)) > STRETCH;
  }

  private move(): void {
    if (!this.slow || !this.picture || this.must || this.changing || !this.lacks()) return;
    const wait = this.picture.at + SPARING * this.cost - performance.now();
    if (wait <= 0) this.paint();
    else this.closing ||= window.setTimeout(() => this.map.isMoving() && this.paint(), wait);
  }

  /** Paint while the hand still moves, or holds on. */
  private paint(): void {
    this.set(true);
    this.must = true;
    this.map.triggerRepaint();
  }

  private rest(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.map.isMoving() || this.set(false), this.loaded ? REST : 0);
    this.loaded = true;
  }

  private start(): void {
    if (this.changing) return;
    clearTimeout(this.waiting);
    this.drawn = this.late = 0;
  }

  private watch(): void {
    if (this.slow || !this.map.isMoving()) return;
    const at = performance.now();
    this.late = this.drawn && at - this.drawn > LATE ? this.late + 1 : 0;
    this.drawn = at;
    this.slow = this.late >= IN_A_ROW;
  }

  /** Another size of the canvas empties it: it is painted in the same frame, so that nothing blinks. */
  private set(coarse: boolean): void {
    if (coarse === this.coarse || this.changing) return;
    this.changing = this.must = true;
    this.coarse = coarse;
    this.map.setPixelRatio(devicePixelRatio * (coarse ? COARSE : 1));
    this.changing = false;
  }
}
