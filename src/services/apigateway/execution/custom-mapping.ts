import { parseMappingSource, type MappingSource } from "../integrations/mapping-source.ts";
import { compileSelectionPattern, type SelectionPattern } from "../integrations/selection-pattern.ts";
import type { MethodRow } from "../state.ts";
import { compileTemplate, type CompiledTemplate } from "../templates/compile-template.ts";

/** How requests become the integration's, and its answers ours. */
export interface CustomMapping {
  /** By content type in lower case. */
  readonly requestTemplates: ReadonlyMap<string, CompiledTemplate>;
  /** In the order of their status codes. */
  readonly responses: readonly ResponseMapping[];
  /** The function is called and not waited for. */
  readonly asynchronous: boolean;
}

export interface ResponseMapping {
  readonly status: number;
  /** Absent: the response for what no other is for. */
  readonly pattern?: SelectionPattern;
  readonly headers: readonly { readonly name: string; readonly source: MappingSource }[];
  readonly templates: ReadonlyMap<string, CompiledTemplate>;
  /** Whether the method has a response of this status; without one AWS cannot answer. */
  readonly declared: boolean;
}

export function compileCustomMapping({ integration, responses }: MethodRow): CustomMapping {
  const statuses = Object.entries(integration!.responses).toSorted(([a], [b]) => Number(a) - Number(b));
  return {
    requestTemplates: compileTemplates(integration!.requestTemplates),
    responses: statuses.map(([status, { selectionPattern, responseParameters, responseTemplates }]) => ({
      status: Number(status),
      ...(selectionPattern && { pattern: compileSelectionPattern(selectionPattern) }),
      headers: Object.entries(responseParameters ?? {}).map(([parameter, source]) => ({
        name: parameter.replace(/^method\.response\.(?:header|multivalueheader)\./, ""),
        source: parseMappingSource(source)!,
      })),
      templates: compileTemplates(responseTemplates),
      declared: Object.hasOwn(responses, status),
    })),
    asynchronous: Object.entries(integration!.requestParameters ?? {}).some(
      ([name, value]) =>
        name.toLowerCase() === "integration.request.header.x-amz-invocation-type" && value === "'Event'",
    ),
  };
}

function compileTemplates(
  templates: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, CompiledTemplate> {
  return new Map(
    Object.entries(templates ?? {}).map(([contentType, source]) => [
      contentType.toLowerCase(),
      compileTemplate(source),
    ]),
  );
}
