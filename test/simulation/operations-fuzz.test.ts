import { expect, test } from "vitest";
import { liveTestPlatform } from "../harness/platform.ts";
import { Fuzzer } from "./operations-fuzz/fuzzer.ts";
import { RealClients } from "./operations-fuzz/real-clients.ts";

/** `VIRGA_FUZZ_SEED=7 VIRGA_FUZZ_SECONDS=120` looks further. */
const seed = Number(process.env["VIRGA_FUZZ_SEED"] ?? 20_261_120);
const seconds = Number(process.env["VIRGA_FUZZ_SECONDS"] ?? 14);

test(
  `every operation answers what fits its model or refuses as AWS does, whatever it is asked (seed ${seed})`,
  { timeout: (seconds + 60) * 1000 },
  async () => {
    const platform = await liveTestPlatform({ functions: true });
    const endpoint = await platform.listen();
    const clients = await RealClients.at(endpoint);
    const prototype = Object.getOwnPropertyNames(Object.prototype);
    const end = performance.now() + seconds * 1000;
    try {
      const fuzzer = await Fuzzer.of(platform, seed);
      while (performance.now() < end) {
        await fuzzer.seed();
        await fuzzer.run(1500, end);
        await fuzzer.run(150, end, clients);
        await platform.clock.advance(60_000);
      }
      await fuzzer.readEverything();
      await fuzzer.listEverything();
      await platform.restart();
      await fuzzer.listEverything();
      if (process.env["VIRGA_FUZZ_SEED"]) console.log(report(fuzzer, clients));

      expect([...fuzzer.found.values()].join("\n\n")).toBe("");
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
      expect(platform.logged.filter((line) => line.startsWith("error"))).toEqual([]);
      expect(await platform.kernel.jobs.dead()).toEqual([]);
      // Otherwise all was refused at the door, and this test would prove little.
      expect(clients.answered).toBeGreaterThan(clients.unsent);
      expect(fuzzer.succeeded.size).toBeGreaterThan(fuzzer.names.length * 0.7);
    } finally {
      clients.close();
      await platform.close();
    }
  },
);

function report(fuzzer: Fuzzer, clients: RealClients): string {
  const { calls, succeeded, names, members, refusals, spentMs } = fuzzer;
  const slowest = [...spentMs].toSorted(([, a], [, b]) => b - a).slice(0, 8);
  return [
    `${calls} calls; ${clients.answered} over HTTP were answered, ${clients.unsent} were not sent by the SDK`,
    `never succeeded: ${names.filter((name) => !succeeded.has(name)).join(", ")}`,
    `slowest: ${slowest.map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(", ")}`,
    `accepted, and looked at by no handler:\n  ${members.ignored().join("\n  ")}`,
    `refused with 501: ${[...refusals.keys()].filter((key) => key.includes(" 501 ")).join(", ")}`,
  ].join("\n");
}
