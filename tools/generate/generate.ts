import { describe, describeMetadata } from "./descriptor.ts";
import { errorsFile } from "./errors-file.ts";
import { apiName, header, propertyName } from "./names.ts";
import type { NamedModel } from "./source-model.ts";
import { compare, typesFile } from "./types-file.ts";

/** Every generated file: path from the root of the repository → text. The same models give the same bytes. */
export function generate(models: readonly NamedModel[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const services = models.toSorted((a, b) => compare(a.name, b.name));
  for (const service of services) {
    files.set(`src/api/${service.name}/model.json`, `${JSON.stringify(describe(service))}\n`);
    files.set(`src/api/${service.name}/types.ts`, typesFile(service));
    files.set(`src/api/${service.name}/errors.ts`, errorsFile(service));
  }
  files.set("src/api/apis.ts", apisFile(services));
  files.set("src/api/catalogue.ts", catalogueFile(services));
  return files;
}

function apisFile(services: readonly NamedModel[]): string {
  const imports = services.map(({ name, model }) => {
    return `import type { ${apiName(model.metadata.serviceId)} } from "./${name}/types.ts";\n`;
  });
  const properties = services.map(({ name, model }) => {
    return `  readonly ${propertyName(name)}: ${apiName(model.metadata.serviceId)};\n`;
  });
  return [
    header("models/"),
    "\n",
    ...imports,
    "\n/** Every service's API, by the name of its folder. */\nexport interface AwsApis {\n",
    ...properties,
    "}\n",
  ].join("");
}

function catalogueFile(services: readonly NamedModel[]): string {
  const entries = services.map(({ name, model }) => {
    const { signingName, endpointPrefix, serviceId, apiVersion, protocols, targetPrefix } = describeMetadata(model);
    const entry = { name, signingName, endpointPrefix, serviceId, apiVersion, protocols, targetPrefix };
    const lines = Object.entries(entry)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `    ${key}: ${JSON.stringify(value).replaceAll('","', '", "')},\n`);
    return `  {\n${lines.join("")}  },\n`;
  });
  return [
    header("models/"),
    `\nimport type { CatalogueEntry } from "./model.ts";\n`,
    "\n/** Every service with a model, in the order of its name. */\nexport const catalogue: readonly CatalogueEntry[] = [\n",
    ...entries,
    "];\n",
  ].join("");
}
