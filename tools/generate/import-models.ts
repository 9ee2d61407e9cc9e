// Takes models over from an unpacked botocore: node tools/generate/import-models.ts <botocore/data> [service…]
// Without services: all that models/ has. Then look at the diff, run `npm run generate` and mend what the patches say.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { modelText } from "./model-text.ts";

const [data, ...named] = process.argv.slice(2);
if (data === undefined) {
  console.error("Say where botocore's data lies: node tools/generate/import-models.ts <botocore/data> [service…]");
  process.exit(2);
}
const models = new URL("../../models/", import.meta.url);
const known = (await readdir(models))
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));
for (const service of named.length > 0 ? named : known) {
  const versions = (await readdir(join(data, service))).toSorted();
  const folder = join(data, service, versions.at(-1)!);
  const files = await readdir(folder);
  const file = files.find((name) => name === "service-2.json" || name === "service-2.json.gz");
  if (file === undefined) throw new Error(`${folder} holds no service-2.json`);
  const bytes = await readFile(join(folder, file));
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  await writeFile(new URL(`${service}.json`, models), modelText(JSON.parse(text)));
  console.log(`${service} ${versions.at(-1)}`);
}
