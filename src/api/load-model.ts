import { readFile } from "node:fs/promises";
import { catalogue } from "./catalogue.ts";
import type { ServiceModel } from "./model.ts";

/** Where a service's descriptor lies: beside this file in the source tree, in one folder of the bundle. */
export type ModelPlace = (service: string) => URL;

/** `src/api/<service>/model.json`. */
export const modelsInSource: ModelPlace = (service) => new URL(`./${service}/model.json`, import.meta.url);

/** `<directory>/<service>.json`; the directory's URL ends with a slash. */
export function modelsInDirectory(directory: URL): ModelPlace {
  return (service) => new URL(`${service}.json`, directory);
}

/** The descriptors, each read once, when it is first asked for. */
export class ModelLibrary {
  readonly #place: ModelPlace;
  readonly #loaded = new Map<string, Promise<ServiceModel>>();

  constructor(place: ModelPlace = modelsInSource) {
    this.#place = place;
  }

  /** Whether there is a model of the service, by our name for it. */
  has(service: string): boolean {
    return catalogue.some((entry) => entry.name === service);
  }

  /** Rejects for a service without a model, which is our bug: ask `has` about names from outside. */
  load(service: string): Promise<ServiceModel> {
    let model = this.#loaded.get(service);
    if (!model) {
      if (!this.has(service)) return Promise.reject(new Error(`there is no model of a service named "${service}"`));
      model = readFile(this.#place(service), "utf8").then((text) => JSON.parse(text) as ServiceModel);
      this.#loaded.set(service, model);
      // A file that could not be read (too many open files) may be there the next time.
      model.catch(() => this.#loaded.delete(service));
    }
    return model;
  }
}
