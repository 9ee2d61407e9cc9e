import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../src/api/catalogue.ts";
import type { ServiceModel } from "../src/api/model.ts";
import type { ServiceDefinition } from "../src/kernel/service.ts";
import { registrations, type PlatformParts } from "../src/platform.ts";
import { root } from "./files.ts";

export interface ServiceCoverage {
  readonly name: string;
  /** AWS's full name. */
  readonly title: string;
  /** Every operation of the model, in alphabetical order. */
  readonly operations: readonly string[];
  readonly implemented: ReadonlySet<string>;
}

/** What of each service's model is built, read from the services' own definitions. */
export async function serviceCoverage(): Promise<ServiceCoverage[]> {
  const definitions = await loadDefinitions();
  return catalogue
    .map(({ name }) => {
      const model = JSON.parse(readFileSync(join(root, "src/api", name, "model.json"), "utf8")) as ServiceModel;
      const operations = Object.keys(model.operations).toSorted();
      const built = Object.keys(definitions.get(name)?.operations ?? {});
      const unknown = built.filter((operation) => !operations.includes(operation));
      if (unknown.length > 0) throw new Error(`${name} defines ${unknown.join(", ")}, which its model does not have.`);
      return { name, title: model.metadata.serviceFullName, operations, implemented: new Set(built) };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/** The definition of every registered service; nothing of it runs. */
export async function loadDefinitions(): Promise<Map<string, ServiceDefinition<never>>> {
  const definitions = new Map<string, ServiceDefinition<never>>();
  for (const { name, load } of registrations(unusableParts())) definitions.set(name, await load());
  return definitions;
}

/** Factories take what they need later, when something runs; a definition is made without it. */
function unusableParts(): PlatformParts {
  const anything: unknown = new Proxy(() => anything, { get: (_, name) => (name === "then" ? undefined : anything) });
  return anything as PlatformParts;
}
