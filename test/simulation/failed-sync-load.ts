/** What the failed-sync test runs under a libc whose syncs fail at will. Arguments: directory, the file that makes them fail. */
import { rmSync, writeFileSync } from "node:fs";
import { LevelStore } from "../../src/storage/level-store.ts";

export interface FailedSyncReport {
  /** What became of each write that was tried while syncs failed. */
  readonly refusals: readonly string[];
  /** What `changed` and `added` held while syncs failed, after they worked again, and after a restart. */
  readonly failing: readonly (string | undefined)[];
  readonly recovered: readonly (string | undefined)[];
  readonly restarted: readonly (string | undefined)[];
}

const [directory = "", flag = ""] = process.argv.slice(2);
const key = (text: string): Buffer => Buffer.from(text);
let store = await LevelStore.open({ directory });
const put = (name: string, value: string) => store.write(async (tx) => tx.put(key(name), key(value)));
const look = () =>
  store.read(async (snapshot) => {
    const found: (string | undefined)[] = [];
    for (const name of ["changed", "added", "later"]) {
      const value = await snapshot.get(key(name));
      found.push(value && Buffer.from(value).toString());
    }
    return found;
  });

await put("changed", "acknowledged");
writeFileSync(flag, "");
const refusals: string[] = [];
for (let round = 0; round < 3; round++) {
  const outcomes = await Promise.allSettled([put("changed", "refused"), put("added", "refused")]);
  for (const outcome of outcomes) refusals.push(outcome.status === "rejected" ? outcome.reason.name : "acknowledged");
}
const failing = await look();
rmSync(flag);
await put("later", "acknowledged");
const recovered = await look();
await store.close();
store = await LevelStore.open({ directory });
const restarted = await look();
await store.close();
process.stdout.write(JSON.stringify({ refusals, failing, recovered, restarted } satisfies FailedSyncReport));
