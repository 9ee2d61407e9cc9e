import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** The letter of a process's state (`R`, `S`, `T` stopped, `Z` zombie), or nothing when it is gone. */
export function stateOf(pid: number): string | undefined {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a process is there, zombies not counted. */
export function isAlive(pid: number): boolean {
  const state = stateOf(pid);
  return state !== undefined && state !== "Z";
}

/** Waits until none of the processes is there. */
export async function allGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);
}
