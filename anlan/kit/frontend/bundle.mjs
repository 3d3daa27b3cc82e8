// Bundles every entry point into one flat folder of hashed files and prints what it made as JSON.
// node bundle.mjs ROOT OUT ENTRY…   (paths relative to ROOT)
// An entry named *.classic.ts becomes a plain script (for the head of the page and for shared workers), any other *.ts a
// module that shares chunks with the others.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { prune } from "./prune.mjs";

const [root, outdir, ...entries] = process.argv.slice(2);

const name = (entry) => basename(entry).replace(/\.(classic\.)?(ts|css)$/, "");
const sources = (files) => files.map((file) => ({ in: file, out: name(file) }));
const tabler = {
  name: "tabler",
  setup({ onLoad }) {
    onLoad({ filter: /tabler\.min\.css$/ }, async ({ path }) => ({ contents: prune(await readFile(path, "utf8")), loader: "css" }));
  },
};
// maplibre-gl declares that its modules do nothing but export; its worker lives by what it does.
const worker = {
  name: "worker",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /maplibre-gl-worker/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === worker) return undefined;
      return { ...(await resolve(path, { ...from, pluginData: worker })), sideEffects: true };
    });
  },
};
const common = {
  absWorkingDir: root, outdir, bundle: true, minify: true, target: "es2022", metafile: true, charset: "utf8",
  entryNames: "[name]-[hash]", chunkNames: "chunk-[hash]", assetNames: "[name]-[hash]", legalComments: "none",
  loader: { ".svg": "file", ".woff2": "file" }, plugins: [tabler, worker], logLevel: "warning",
};
/** All modules that each module needs sooner or later, so that the page can name them ahead. */
function needs(outputs) {
  const imports = new Map(outputs.map(([file, output]) => [file, output.imports.filter(({ external }) => !external).map(({ path }) => path)]));
  const all = (file, found) => {
    for (const path of imports.get(file) ?? []) if (path.endsWith(".js") && !found.has(path)) all(path, found.add(path));
    return found;
  };
  return ([file]) => [...all(file, new Set())].map((path) => basename(path));
}

const classic = entries.filter((entry) => entry.endsWith(".classic.ts"));
const modules = entries.filter((entry) => !entry.endsWith(".classic.ts"));

try {
  const made = await Promise.all([
    build({ ...common, entryPoints: sources(classic), format: "iife" }),
    build({ ...common, entryPoints: sources(modules), format: "esm", splitting: true }),
  ]);
  const outputs = made.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const points = outputs.filter(([file, output]) => output.entryPoint && !basename(file).startsWith("chunk-"));
  const plain = ([file, output]) => name(output.entryPoint) + (file.endsWith(".css") ? ".css" : ".js");
  const sorted = (pairs) => Object.fromEntries(pairs.sort());
  const needed = needs(outputs);
  const ahead = points.map((point) => [plain(point), needed(point)]).filter(([, chunks]) => chunks.length);
  console.log(JSON.stringify({ files: sorted(points.map((point) => [plain(point), basename(point[0])])), ahead: sorted(ahead) }));
} catch {
  process.exit(1); // esbuild has already said what is wrong, with file and line
}
