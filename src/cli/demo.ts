import { readFile } from "node:fs/promises";
import { SystemClock } from "../base/clock.ts";
import { randomIds } from "../base/ids.ts";
import { createLog } from "../base/log.ts";
import { Steps } from "./demo/steps.ts";
import { UsersApi } from "./demo/users-api.ts";
import { zip } from "./demo/zip.ts";
import { logSink } from "./log-output.ts";
import { UsageError } from "./options.ts";
import { packageFile } from "./package-files.ts";

/**
 * `virga demo`: starts a platform of its own in memory, deploys the users API on it through the AWS SDK, calls it and
 * cleans up. Resolves with 0 when every step did what it should.
 */
export async function demo(args: readonly string[], version: string): Promise<number> {
  if (args.length > 0) throw new UsageError("`virga demo` takes no options: it brings its own platform.");
  const clock = new SystemClock();
  const ids = randomIds();
  const log = createLog("error", logSink(process.stderr, clock, process.env));
  const steps = new Steps(clock, (line) => console.log(line));
  const code = await readFile(packageFile("examples/users-api/index.mjs"));

  console.log("A users API on a platform of its own: DynamoDB, Lambda and API Gateway through the AWS SDK.\n");
  const { startPlatform } = await import("../platform.ts");
  const platform = await startPlatform({
    port: 0,
    host: "127.0.0.1",
    dataDirectory: undefined,
    region: "us-east-1",
    account: "000000000000",
    auth: "lenient",
    durability: "full",
    timeTravel: false,
    allowReset: false,
    log,
    clock,
    ids,
    version,
    interpreters: { path: process.env["PATH"] ?? "", home: process.env["HOME"] },
  });
  console.log(`✓ ${clock.monotonic().toFixed(0).padStart(5)} ms  Platform ready at ${platform.endpoint}`);
  const app = new UsersApi(
    {
      endpoint: platform.endpoint,
      region: "us-east-1",
      zip: zip({ "index.mjs": code }),
      runtime: "nodejs22.x",
      module: "index",
    },
    steps,
  );
  try {
    await app.deploy();
    await app.call();
  } catch {
    // Shown by the step that failed.
  }
  console.log("");
  await app.remove();
  await platform.close(4_000);
  if (steps.failed > 0) {
    console.log(`\n${steps.failed} of ${steps.done + steps.failed} steps failed.`);
    return 1;
  }
  console.log("\nAll of it worked. Your turn: `virga start`, then examples/users-api/deploy.sh with the AWS CLI.");
  return 0;
}
