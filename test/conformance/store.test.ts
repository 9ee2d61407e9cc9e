import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import type { Durability } from "../../src/storage/level-engine.ts";
import { LevelStore } from "../../src/storage/level-store.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import { TwiceStore } from "../../src/storage/twice-store.ts";
import { storeConformance } from "./store.ts";

async function openLevel(durability: Durability): Promise<LevelStore> {
  const directory = await mkdtemp(join(tmpdir(), "virga-store-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return LevelStore.open({ directory, durability });
}

describe("the memory store", () => {
  storeConformance({ open: async () => new MemoryStore() });
});

describe("the memory store, every body run twice", () => {
  storeConformance({ open: async () => new TwiceStore(new MemoryStore()), runsTwice: true });
});

describe("the store on disk, acknowledged after the sync", () => {
  storeConformance({ open: () => openLevel("full") });
});

describe("the store on disk, relaxed", () => {
  storeConformance({ open: () => openLevel("relaxed") });
});

describe("the store on disk, every body run twice", () => {
  storeConformance({ open: async () => new TwiceStore(await openLevel("relaxed")), runsTwice: true });
});
