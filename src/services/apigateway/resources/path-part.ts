import { ConflictException } from "../../../api/apigateway/errors.ts";
import { badRequest } from "../refusals.ts";
import type { ResourceRow } from "../state.ts";

const form = /^(?:\{[a-zA-Z0-9._-]+\+?\}|[a-zA-Z0-9._:-]+)$/;

export type PathPartKind = "static" | "parameter" | "greedy";

export function kindOf(pathPart: string): PathPartKind {
  return pathPart.endsWith("+}") ? "greedy" : pathPart.startsWith("{") ? "parameter" : "static";
}

/** The name between the braces. */
export function parameterName(pathPart: string): string {
  return pathPart.slice(1, pathPart.endsWith("+}") ? -2 : -1);
}

/** Refuses a resource that could not stand under this parent beside its siblings. */
export function checkPathPart(pathPart: string, parent: ResourceRow, siblings: readonly ResourceRow[]): void {
  if (pathPart === "") throw badRequest("Resource's path part must be specified");
  if (!form.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  if (parent.pathPart !== undefined && kindOf(parent.pathPart) === "greedy") {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  }
  const kind = kindOf(pathPart);
  for (const sibling of siblings) {
    if (sibling.pathPart === pathPart) {
      throw new ConflictException({
        message: `Another resource with the same parent already has this name: ${pathPart}`,
      });
    }
    if (kind !== "static" && sibling.pathPart !== undefined && kindOf(sibling.pathPart) === kind) {
      throw badRequest(
        `A sibling (${sibling.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
    }
  }
}

export function joinPath(parent: ResourceRow, pathPart: string): string {
  return parent.path === "/" ? `/${pathPart}` : `${parent.path}/${pathPart}`;
}
