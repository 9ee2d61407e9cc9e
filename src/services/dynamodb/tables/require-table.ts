import { ResourceInUseException, ResourceNotFoundException } from "../../../api/dynamodb/errors.ts";
import { validationException } from "../refusals.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { tables } from "../state.ts";
import { findTableName } from "./table-name.ts";

/** A table whose items are to be read or written. @throws ResourceNotFoundException also while it is made or deleted */
export async function requireTable(snapshot: Snapshot, nameOrArn: string, at: ServiceContext): Promise<TableRow> {
  const name = findTableName(nameOrArn, at);
  const table = name === undefined ? undefined : await snapshot.get(tables, [name]);
  if (table === undefined || table.status === "CREATING" || table.status === "DELETING") {
    throw new ResourceNotFoundException({ message: "Requested resource not found" });
  }
  return table;
}

/** A table that is to be described or changed. @throws ResourceNotFoundException in the words of the control plane */
export async function requireTableForControl(
  snapshot: Snapshot,
  nameOrArn: string,
  at: ServiceContext,
): Promise<TableRow> {
  const name = findTableName(nameOrArn, at);
  const table = name === undefined ? undefined : await snapshot.get(tables, [name]);
  if (table === undefined) {
    const message = `Requested resource not found: Table: ${name ?? nameOrArn} not found`;
    throw new ResourceNotFoundException({ message });
  }
  return table;
}

const beingChanged = { CREATING: "created", UPDATING: "updated", DELETING: "deleted" } as const;

/** @throws ResourceInUseException while a table is made, changed or deleted */
export function requireAtRest(table: TableRow): void {
  if (table.status === "ACTIVE") return;
  const doing = `Table is being ${beingChanged[table.status]}: ${table.name}`;
  throw new ResourceInUseException({ message: `Attempt to change a resource which is still in use: ${doing}` });
}

/** @throws ValidationException when the table has no such index, or it is still being filled */
export function requireIndex(table: TableRow, indexName: string): IndexRow {
  const index = table.indexes.find((each) => each.name === indexName);
  if (!index || index.status === "DELETING") {
    throw validationException(`The table does not have the specified index: ${indexName}`);
  }
  if (index.status === "CREATING") {
    throw validationException(`Cannot read from backfilling global secondary index: ${indexName}`);
  }
  return index;
}
