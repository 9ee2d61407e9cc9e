import { parseJsonPath, type JsonPath } from "../templates/json-path.ts";

/** Where the value of a mapped response header comes from. */
export type MappingSource =
  | { readonly kind: "static"; readonly value: string }
  | { readonly kind: "header"; readonly name: string }
  /** Of the integration's answer; without a path all of it. */
  | { readonly kind: "body"; readonly path?: JsonPath }
  | { readonly kind: "context"; readonly path: readonly string[] }
  | { readonly kind: "stageVariable"; readonly name: string }
  | { readonly kind: "unsupported" };

/**
 * Reads `'static'`, `integration.response.header.name`, `integration.response.body.path`, `context.name` or
 * `stageVariables.name`; undefined where it is none of them.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function parseMappingSource(source: string): MappingSource | undefined {
  if (source.length >= 2 && source.startsWith("'") && source.endsWith("'")) {
    return { kind: "static", value: source.slice(1, -1) };
  }
  const header = /^integration\.response\.(?:header|multivalueheader)\.([a-zA-Z0-9._$-]+)$/.exec(source);
  if (header) return { kind: "header", name: header[1]!.toLowerCase() };
  if (source === "integration.response.body") return { kind: "body" };
  if (source.startsWith("integration.response.body.") || source.startsWith("integration.response.body[")) {
    const path = parseJsonPath(`$${source.slice("integration.response.body".length)}`);
    return path ? { kind: "body", path } : { kind: "unsupported" };
  }
  const context = /^context\.([a-zA-Z0-9_.]+)$/.exec(source);
  if (context) return { kind: "context", path: context[1]!.split(".") };
  const variable = /^stageVariables\.([a-zA-Z0-9_]+)$/.exec(source);
  return variable ? { kind: "stageVariable", name: variable[1]! } : undefined;
}
