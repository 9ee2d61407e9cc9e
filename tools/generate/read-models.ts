import { readdir, readFile } from "node:fs/promises";
import { applyPatches, type NamedModel, type Patch, type SourceModel } from "./source-model.ts";

/** All of `models/`, corrected by `models/patches/`. */
export async function readModels(directory: URL): Promise<readonly NamedModel[]> {
  const services = await jsonFiles(directory);
  const patches = new URL("patches/", directory);
  const patched = new Set(await jsonFiles(patches));
  for (const name of patched) {
    if (!services.includes(name))
      throw new Error(`models/patches/${name}.json corrects no model; is models/${name}.json missing?`);
  }
  return Promise.all(
    services.map(async (name) => {
      const model = (await readJson(new URL(`${name}.json`, directory))) as SourceModel;
      if (!patched.has(name)) return { name, model };
      return { name, model: applyPatches(name, model, (await readJson(new URL(`${name}.json`, patches))) as Patch[]) };
    }),
  );
}

async function jsonFiles(directory: URL): Promise<readonly string[]> {
  const entries = await readdir(directory);
  return entries
    .filter((entry) => entry.endsWith(".json"))
    .map((entry) => entry.slice(0, -".json".length))
    .toSorted();
}

async function readJson(file: URL): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}
