// The map itself: draws the picture, follows the theme, answers a finger.

import { type GeoJSONSource, Map as MapLibre, type MapGeoJSONFeature, NavigationControl, type Point,
  ScaleControl, setWorkerUrl } from "maplibre-gl";
import { _ } from "kit/i18n";
import { coalesce } from "../lib/dom";
import { areaFeatures, plantFeatures, pointFeatures } from "./features";
import { supplyImages } from "./icons";
import type { Picture, Place } from "./picture";
import { emptyData, FONT_FAMILY, type MapData, mapStyle, POINT_ZOOM, surroundings } from "./style";

/** Half the width of the box in which a tap looks for something to pick [px]. */
const FINGER = 14;
const PICKABLE = ["points-cluster", "points-single", "plants-cluster", "plants-single", "area-tint", "area-hatch"];

/** Kept free around what is shown: the slider lies over the foot of the map [px]. */
const ROOM = { top: 28, left: 28, right: 52, bottom: 112 };

const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";

export class MapView {
  readonly map: MapLibre;
  private data: MapData = emptyData();
  private chosen = -1;
  onpick: (place: number | null) => void = () => undefined;
  readonly redraw: () => void;
  readonly ready: Promise<unknown>;

  constructor(container: HTMLElement, private readonly picture: Picture) {
    setWorkerUrl(container.dataset["worker"] ?? "");
    this.map = new MapLibre({
      container, style: mapStyle(isDark(), this.data), attributionControl: false, dragRotate: false,
      localIdeographFontFamily: FONT_FAMILY, maxZoom: 18, minZoom: 5, fadeDuration: 0,
      locale: { "NavigationControl.ZoomIn": _("放大"), "NavigationControl.ZoomOut": _("缩小") },
    });
    this.ready = this.map.once("load");
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    supplyImages(this.map);
    this.redraw = coalesce(120, () => this.draw());
    this.map.on("click", (event) => this.pick(event.point));
    this.map.on("mousemove", (event) => this.hover(event.point));
    addEventListener("anlan:theme", () => this.retheme());
  }

  setBase(base: GeoJSON.FeatureCollection): void {
    this.data.base = base;
    this.source("base")?.setData(base);
    this.map.setPaintProperty("background", "background-color", surroundings(isDark(), base));
  }

  /** Everything the viewer may see, in one look; a lone point is shown with its surroundings. */
  fit(bounds: [number, number, number, number] | null, animate = false): void {
    if (bounds) this.map.fitBounds(bounds, { padding: ROOM, maxZoom: 15.5, animate });
  }

  show(place: Place): void {
    const geometry = this.picture.areas.get(place.id);
    if (geometry) this.fit(boundsOf(geometry), true);
    else if (place.x !== null && place.y !== null) this.map.easeTo({ center: [place.x, place.y], zoom: Math.max(this.map.getZoom(), 15) });
  }

  choose(id: number | null): void {
    this.chosen = id ?? -1;
    if (this.map.getLayer("area-chosen")) this.map.setFilter("area-chosen", ["==", ["get", "id"], this.chosen]);
  }

  /** Layers are switched by the part of their id before the dash: base, area, plants, points. */
  toggle(group: string, visible: boolean): void {
    for (const layer of this.map.getStyle().layers) {
      if (layer.id.startsWith(group)) this.map.setLayoutProperty(layer.id, "visibility", visible ? "visible" : "none");
    }
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  private draw(): void {
    this.data.areas = areaFeatures(this.picture);
    this.data.plants = plantFeatures(this.picture);
    this.data.points = pointFeatures(this.picture);
    for (const id of ["areas", "plants", "points"] as const) void this.source(id)?.setData(this.data[id]);
  }

  private retheme(): void {
    this.map.setStyle(mapStyle(isDark(), this.data), { diff: false });
    this.map.once("style.load", () => this.choose(this.chosen < 0 ? null : this.chosen));
  }

  private near(point: Point): MapGeoJSONFeature | undefined {
    const box: [[number, number], [number, number]] = [[point.x - FINGER, point.y - FINGER], [point.x + FINGER, point.y + FINGER]];
    const layers = PICKABLE.filter((id) => this.map.getLayer(id));
    const found = [...this.map.queryRenderedFeatures(box, { layers: layers.filter((id) => !id.startsWith("area")) }),
      ...this.map.queryRenderedFeatures(point, { layers: layers.filter((id) => id.startsWith("area")) })];
    return found.find((feature) => !["province", "city", "county"].includes(String(feature.properties["kind"]))) ?? found[0];
  }

  private pick(point: Point): void {
    const feature = this.near(point);
    if (!feature) this.onpick(null);
    else if (feature.properties["cluster"]) void this.open(feature);
    else this.onpick(Number(feature.properties["id"]));
  }

  private async open(cluster: MapGeoJSONFeature): Promise<void> {
    const source = this.source(cluster.source);
    const zoom = await source?.getClusterExpansionZoom(Number(cluster.properties["cluster_id"]));
    const { coordinates } = cluster.geometry as GeoJSON.Point;
    this.map.easeTo({ center: coordinates as [number, number], zoom: Math.min((zoom ?? POINT_ZOOM) + 0.2, 17.5) });
  }

  private hover(point: Point): void {
    this.map.getCanvas().style.cursor = this.near(point) ? "pointer" : "";
  }
}

export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") grow(box, value as number[]);
    else value.forEach(visit);
  };
  if ("coordinates" in geometry) visit(geometry.coordinates);
  return box;
}

function grow(box: [number, number, number, number], [x = 0, y = 0]: number[]): void {
  box[0] = Math.min(box[0], x);
  box[1] = Math.min(box[1], y);
  box[2] = Math.max(box[2], x);
  box[3] = Math.max(box[3], y);
}
