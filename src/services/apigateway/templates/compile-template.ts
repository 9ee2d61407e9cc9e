import { VtlError, type Template } from "../../../languages/vtl/ast.ts";
import { findUnsupported, type HostShape } from "../../../languages/vtl/check-template.ts";
import { parseTemplate } from "../../../languages/vtl/parse-template.ts";
import { render } from "../../../languages/vtl/render.ts";
import { badRequest, notImplemented } from "../refusals.ts";
import { hostObjects, requestShapes, responseShapes, type TemplateInput } from "./host-objects.ts";

export type CompiledTemplate = (input: TemplateInput) => string;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const maxTemplateBytes = 300 * 1024;

/** Compiles a template that was accepted before. */
export function compileTemplate(source: string): CompiledTemplate {
  const template: Template = parseTemplate(source);
  return (input) => render(template, hostObjects(input));
}

/** Refuses templates that could not be rendered as AWS renders them. */
export function checkTemplates(
  templates: Readonly<Record<string, string>> | undefined,
  kind: "request" | "response" = "request",
): void {
  for (const [contentType, source] of Object.entries(templates ?? {})) {
    if (Buffer.byteLength(source) > maxTemplateBytes) {
      throw badRequest(`Mapping template for content type ${contentType} exceeds the limit of 300 KB`);
    }
    const unsupported = find(source, kind === "request" ? requestShapes : responseShapes);
    if (unsupported !== undefined) throw notImplemented(`in mapping templates, ${unsupported}`);
  }
}

function find(source: string, shapes: ReadonlyMap<string, HostShape>): string | undefined {
  try {
    return findUnsupported(parseTemplate(source), shapes);
  } catch (error) {
    if (!(error instanceof VtlError)) throw error;
    if (error.unsupported) return error.message.replace(" is not implemented", "");
    throw badRequest(`Invalid mapping template specified: ${error.message}`);
  }
}
