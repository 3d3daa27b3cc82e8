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
const points = (files) => files.map((file) => ({ in: file, out: name(file) }));
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
const classic = entries.filter((entry) => entry.endsWith(".classic.ts"));
const modules = entries.filter((entry) => !entry.endsWith(".classic.ts"));

try {
  const made = await Promise.all([
    build({ ...common, entryPoints: points(classic), format: "iife" }),
    build({ ...common, entryPoints: points(modules), format: "esm", splitting: true }),
  ]);
  const outputs = made.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const files = outputs.filter(([file, output]) => output.entryPoint && !basename(file).startsWith("chunk-"))
    .map(([file, output]) => [name(output.entryPoint) + (file.endsWith(".css") ? ".css" : ".js"), basename(file)]);
  console.log(JSON.stringify(Object.fromEntries(files.sort())));
} catch {
  process.exit(1); // esbuild has already said what is wrong, with file and line
}
