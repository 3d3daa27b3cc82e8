// MapLibre runs its tile work in a worker of its own file; bundling it here gives that file a hashed address.
import "maplibre-gl/dist/maplibre-gl-worker.mjs";
