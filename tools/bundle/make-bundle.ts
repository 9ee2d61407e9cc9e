import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "../files.ts";

/**
 * Bundles the command line into `<directory>/virga.js`, with chunks for what loads late. Models and the runtimes' own
 * files lie where the bundled code looks for them by its own address: those of `src/api/x` in `chunks/x`, `sandbox/` in
 * `sandbox`. Resolves with the number of chunks and the size of the code in bytes.
 */
export async function makeBundle(directory: string): Promise<{ readonly chunks: number; readonly codeBytes: number }> {
  rmSync(directory, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: root,
    input: { virga: "src/cli/virga.ts" },
    platform: "node",
    // Native code cannot be bundled, and the SDK is large, only for the demo, and there anyway for functions.
    external: [/^node:/, /^@aws-sdk\//, "classic-level"],
  });
  const { output } = await bundle.write({
    dir: directory,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: false } },
  });
  await bundle.close();

  for (const service of readdirSync(join(root, "src/api"), { withFileTypes: true })) {
    if (!service.isDirectory()) continue;
    const folder = join(directory, "chunks", service.name);
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, "src/api", service.name, "model.json"), join(folder, "model.json"));
  }
  cpSync(join(root, "sandbox"), join(directory, "sandbox"), {
    recursive: true,
    filter: (path) => !/sandbox\/node_modules|__pycache__|\.test\./.test(path),
  });
  const codeBytes = output.reduce((sum, each) => sum + (each.type === "chunk" ? Buffer.byteLength(each.code) : 0), 0);
  return { chunks: output.length, codeBytes };
}
