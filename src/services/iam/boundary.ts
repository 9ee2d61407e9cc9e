import type { Transaction } from "../../kernel/records.ts";
import { putEntity, type Entity } from "./entities.ts";
import { requireAttachablePolicy } from "./managed-policies.ts";
import { policyUses, type PolicyUseRow } from "./state.ts";

/** Stores the user or role with this permissions boundary, or with none. */
export async function applyBoundary<Row extends Entity>(
  tx: Transaction,
  account: string,
  row: Row,
  policyArn: string | undefined,
): Promise<Row> {
  const { boundary: before, ...rest } = row;
  if (before !== undefined) tx.delete(policyUses, [before, "boundary", row.kind, row.name.toLowerCase()]);
  if (policyArn !== undefined) {
    await requireAttachablePolicy(tx, account, policyArn);
    const use: PolicyUseRow = { policyArn, usage: "boundary", kind: row.kind, name: row.name };
    tx.put(policyUses, use);
  }
  const changed = { ...rest, ...(policyArn !== undefined && { boundary: policyArn }) } as Row;
  putEntity(tx, changed);
  return changed;
}
