import { defineConfig } from "vitest/config";

// Tests that start processes, servers and disks need room, so two workers and one file in each at a time.
export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "test/**/*.test.ts",
      "tools/**/*.test.ts",
      "sandbox/**/*.test.{ts,mjs,cjs}",
      "examples/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    passWithNoTests: false,
    // No test may lean on what an earlier one left in the environment.
    unstubEnvs: true,
    restoreMocks: true,
  },
});
