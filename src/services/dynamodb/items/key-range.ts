import type { Key, KeyPart, ListOptions } from "../../../kernel/records.ts";
import type { KeyCondition, SortCondition } from "../expressions/key-condition.ts";
import type { IndexRow, TableRow } from "../state.ts";
import type { AttributeValue } from "./attribute-value.ts";
import { keyPart, partitionHash, pastEntries } from "./keys.ts";

/** The stored keys that a query looks through, in ascending order. */
export function keyRange(table: TableRow, index: IndexRow | undefined, condition: KeyCondition): ListOptions {
  const partition = keyPart(condition.partition);
  const prefix: KeyPart[] = [table.number];
  if (index) prefix.push(index.number);
  prefix.push(partitionHash(partition), partition);
  return condition.sort ? { prefix, ...sortRange(prefix, condition.sort) } : { prefix };
}

function sortRange(prefix: Key, sort: SortCondition): Pick<ListOptions, "from" | "after" | "before"> {
  const at = (value: AttributeValue): Key => [...prefix, keyPart(value)];
  const past = (value: AttributeValue): Key => [...at(value), pastEntries];
  switch (sort.kind) {
    case "=":
      return { from: at(sort.value), before: past(sort.value) };
    case "<":
      return { before: at(sort.value) };
    case "<=":
      return { before: past(sort.value) };
    case ">":
      return { after: at(sort.value) };
    case ">=":
      return { from: at(sort.value) };
    case "between":
      return { from: at(sort.low), before: past(sort.high) };
    case "begins_with": {
      const end = successor(keyPart(sort.value));
      return { from: at(sort.value), ...(end !== undefined && { before: [...prefix, end] }) };
    }
  }
}

/** The first text or binary after all that begin with this one; undefined when there is none. */
function successor(prefix: string | Uint8Array): string | Uint8Array | undefined {
  if (typeof prefix === "string") return successorOfString(prefix);
  let end = prefix.byteLength;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  const next = Uint8Array.from(prefix.subarray(0, end));
  next[end - 1]!++;
  return next;
}

/** The order of UTF-8 bytes is that of code points, so the last one that has a successor is raised. */
function successorOfString(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.length > 0 && points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  points.push(last === 0xd7ff ? 0xe000 : last + 1);
  return points.map((point) => String.fromCodePoint(point)).join("");
}
