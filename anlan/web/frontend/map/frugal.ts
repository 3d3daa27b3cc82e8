// Without a graphics card the processor paints every pixel. The map is then coarse while it loads or moves, and sharp as
// soon as it rests; the same on a card that cannot keep up.

import type { Map as MapLibre } from "maplibre-gl";

/** A share of the screen's own pixels, each way. */
const COARSE = 0.5;
/** A picture that comes later than this after the one before is seen as stutter [ms]; so many in a row tell a slow device. */
const LATE = 45;
const IN_A_ROW = 4;
/** At rest for so long, it is drawn sharp; a hand that only pauses does not pay for it [ms]. */
const REST = 160;

function paintsInSoftware(canvas: HTMLCanvasElement): boolean {
  const gl = canvas.getContext("webgl2");
  const known = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && known ? String(gl.getParameter(known.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

export class Frugal {
  private slow: boolean;
  private coarse = false;
  private changing = false;
  private drawn = 0;
  private late = 0;
  private waiting = 0;
  private loaded = false;

  constructor(private readonly map: MapLibre) {
    this.slow = paintsInSoftware(map.getCanvas());
    map.on("movestart", () => this.start());
    map.on("render", () => this.watch());
    map.on("idle", () => this.rest());
    this.start();
  }

  private rest(): void {
    clearTimeout(this.waiting);
    if (this.loaded) this.waiting = window.setTimeout(() => this.map.isMoving() || this.set(false), REST);
    else this.set(false);
    this.loaded = true;
  }

  private start(): void {
    if (this.changing) return;
    clearTimeout(this.waiting);
    this.drawn = this.late = 0;
    if (this.slow) this.set(true);
  }

  private watch(): void {
    if (this.slow || !this.map.isMoving()) return;
    const at = performance.now();
    this.late = this.drawn && at - this.drawn > LATE ? this.late + 1 : 0;
    this.drawn = at;
    this.slow = this.late >= IN_A_ROW;
    if (this.slow) this.set(true);
  }

  /** Another size of the canvas is drawn at once, so that nothing blinks. */
  private set(coarse: boolean): void {
    if (coarse === this.coarse || this.changing) return;
    this.changing = true;
    this.coarse = coarse;
    this.map.setPixelRatio(devicePixelRatio * (coarse ? COARSE : 1));
    if (this.map.isStyleLoaded()) this.map.redraw();
    this.changing = false;
  }
}
