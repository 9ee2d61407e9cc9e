import { mkdir, readFile, writeFile } from "node:fs/promises";
import { generate } from "./generate.ts";
import { readModels } from "./read-models.ts";

const root = new URL("../../", import.meta.url);
const files = generate(await readModels(new URL("models/", root)));
let written = 0;
for (const [path, text] of files) {
  const file = new URL(path, root);
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) continue;
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, text);
  written++;
}
console.log(`${files.size} files are up to date; ${written} of them were written.`);
