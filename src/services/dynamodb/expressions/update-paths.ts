import type { DocumentPath, UpdateAction, UpdateValue } from "./ast.ts";

/** Every path that an update action reads or writes. */
export function operandPathsOf(action: UpdateAction): DocumentPath[] {
  return action.kind === "set" ? [action.path, ...valuePaths(action.value)] : [action.path];
}

function valuePaths(value: UpdateValue): DocumentPath[] {
  switch (value.kind) {
    case "path":
      return [value.path];
    case "value":
      return [];
    case "if_not_exists":
      return [value.path.path, ...valuePaths(value.otherwise)];
    case "list_append":
      return [value.first, value.second].flatMap(valuePaths);
    case "arithmetic":
      return [value.left, value.right].flatMap(valuePaths);
  }
}
