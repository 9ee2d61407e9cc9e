import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root, sourceFiles } from "./files.ts";

/**
 * `npm run build`: one bundle, `dist/virga.js`, with chunks for what loads late. Models and the runtimes' own files lie
 * where the bundled code looks for them by its own address: `src/api/x` becomes `dist/chunks/x`, `sandbox` `dist/sandbox`.
 */
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });

const bundle = await rolldown({
  cwd: root,
  input: { virga: "src/cli/virga.ts" },
  platform: "node",
  // Native code cannot be bundled, and the SDK is large, only for the demo, and there anyway for functions.
  external: [/^node:/, /^@aws-sdk\//, "classic-level"],
});
const { output } = await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: false } },
});
await bundle.close();

for (const service of readdirSync(join(root, "src/api"), { withFileTypes: true })) {
  if (!service.isDirectory()) continue;
  const folder = join(dist, "chunks", service.name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "src/api", service.name, "model.json"), join(folder, "model.json"));
}
cpSync(join(root, "sandbox"), join(dist, "sandbox"), {
  recursive: true,
  filter: (path) => !/node_modules|__pycache__|\.test\./.test(path),
});

const bytes = sourceFiles("dist").reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
const code = output.reduce((sum, each) => sum + (each.type === "chunk" ? Buffer.byteLength(each.code) : 0), 0);
console.log(`dist/virga.js and ${output.length - 1} chunks: ${kilobytes(code)} of code, ${kilobytes(bytes)} in all`);

function kilobytes(size: number): string {
  return `${Math.round(size / 1024)} KB`;
}
