import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue } from "./catalogue.ts";
import { ModelLibrary, modelsInDirectory } from "./load-model.ts";

describe("ModelLibrary", () => {
  it("loads the model of every service in the catalogue", async () => {
    const library = new ModelLibrary();
    for (const { name, serviceId } of catalogue) {
      const model = await library.load(name);
      expect({ name: model.name, serviceId: model.metadata.serviceId }).toEqual({ name, serviceId });
    }
  });

  it("reads a model once, also for two who ask at the same time", async () => {
    const library = new ModelLibrary();
    const [first, second] = await Promise.all([library.load("sts"), library.load("sts")]);
    expect(second).toBe(first);
  });

  it("reads from the folder of a bundle", async () => {
    const folder = await mkdtemp(join(tmpdir(), "models-"));
    try {
      await writeFile(join(folder, "sts.json"), `{"name":"sts"}`);
      const library = new ModelLibrary(modelsInDirectory(pathToFileURL(`${folder}/`)));
      expect(await library.load("sts")).toEqual({ name: "sts" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(["../../secret", "__proto__", "apis.ts"])("reads no file for %s, which is no service", async (name) => {
    const library = new ModelLibrary();
    expect(library.has(name)).toBe(false);
    await expect(library.load(name)).rejects.toThrow("there is no model");
  });

  it("tries again after a file could not be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "models-"));
    try {
      const library = new ModelLibrary(modelsInDirectory(pathToFileURL(`${folder}/`)));
      await expect(library.load("sts")).rejects.toThrow("ENOENT");
      await writeFile(join(folder, "sts.json"), `{"name":"sts"}`);
      expect(await library.load("sts")).toEqual({ name: "sts" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
