import { statSync } from "node:fs";
import { join } from "node:path";
import { makeBundle } from "./bundle/make-bundle.ts";
import { root, sourceFiles } from "./files.ts";

// `npm run build`: the bundle for distribution, in `dist/`.
const { chunks, codeBytes } = await makeBundle(join(root, "dist"));
const bytes = sourceFiles("dist").reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
console.log(`dist/virga.js in ${chunks} chunks: ${kilobytes(codeBytes)} of code, ${kilobytes(bytes)} in all`);

function kilobytes(size: number): string {
  return `${Math.round(size / 1024)} KB`;
}
