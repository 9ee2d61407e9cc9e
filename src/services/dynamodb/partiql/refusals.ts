import { validationException } from "../refusals.ts";
import type { Position } from "./ast.ts";
import { printPosition } from "./ast.ts";

/** The statement cannot be read. AWS says nothing more where not even its tokens can be told. */
export function notWellFormed(detail = ""): Error {
  return validationException(`Statement wasn't well formed, can't be processed: ${detail}`);
}

/** The statement can be read, but DynamoDB has no such thing. */
export function unsupportedAt(what: string, position: Position): Error {
  return validationException(`${what} ${printPosition(position)}`);
}
