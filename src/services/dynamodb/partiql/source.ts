import { validationException } from "../refusals.ts";
import type { IndexRow, TableRow } from "../state.ts";
import type { Source } from "./ast.ts";

/** The table that a statement names, and maybe an index of it. */
export interface TableSource {
  /** Name or ARN. */
  readonly table: string;
  readonly index?: string;
}

/** @throws ValidationException when it is neither `table` nor `"table"."index"` */
export function readSource({ names }: Source): TableSource {
  if (names.length > 2) throw validationException("A path may contain at most 2 components in the FROM clause");
  if (names.includes("")) throw validationException("Path component cannot be an empty string");
  const [table, index] = names;
  return { table: table!, ...(index !== undefined && { index }) };
}

/** @throws ValidationException when the table has no such index; unlike Query's, AWS's message does not name it */
export function requireSourceIndex(table: TableRow, name: string): IndexRow {
  const index = table.indexes.find((each) => each.name === name);
  if (!index || index.status === "DELETING") {
    throw validationException("The table does not have the specified index");
  }
  if (index.status === "CREATING") {
    throw validationException(`Cannot read from backfilling global secondary index: ${name}`);
  }
  return index;
}
