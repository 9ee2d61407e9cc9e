import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsApis } from "../../src/api/apis.ts";
import { ManualClock, SystemClock, type MovableClock } from "../../src/base/clock.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { createLog } from "../../src/base/log.ts";
import { startGateway, type Gateway } from "../../src/gateway/server.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { Principal } from "../../src/kernel/principal.ts";
import { Assembly, startRuntime, type PlatformParts } from "../../src/platform.ts";
import { MemoryBlobs } from "../../src/storage/memory-blobs.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import { TwiceStore } from "../../src/storage/twice-store.ts";

export const testAccount = "000000000000";
export const testRegion = "us-east-1";

export interface TestPlatformOptions<TestClock extends MovableClock> {
  /** Default: a clock that only the test moves. */
  readonly clock?: TestClock;
  /** Runs functions for real, in processes of their own, and listens so that they reach the platform. */
  readonly functions?: boolean;
  /** `lenient` where left out. */
  readonly auth?: "lenient" | "strict";
}

/**
 * A whole platform in this process and in memory. Every `write` body runs twice, so that hidden side effects show. What a
 * handler throws besides AwsErrors reaches the test as it is.
 */
export class TestPlatform<TestClock extends MovableClock = ManualClock> {
  readonly clock: TestClock;
  readonly ids = seededIds("virga");
  readonly store = new TwiceStore(new MemoryStore());
  readonly blobs: MemoryBlobs;
  /** Warnings and errors that were logged, for tests that expect some. */
  readonly logged: string[] = [];
  readonly #options: TestPlatformOptions<TestClock>;
  readonly #abort = new AbortController();
  #assembly!: Assembly;
  #gateway: Gateway | undefined;
  #packages: string[] = [];

  constructor(clock: TestClock, options: TestPlatformOptions<TestClock>) {
    this.clock = clock;
    this.#options = options;
    this.blobs = new MemoryBlobs({ ids: this.ids, clock });
  }

  /** A started platform on a clock that stands still. */
  static start(): Promise<TestPlatform> {
    return testPlatform();
  }

  get kernel(): Kernel {
    return this.#assembly.kernel;
  }

  /** Where it listens, after `listen` or with `functions`. */
  get endpoint(): string {
    return this.#gateway?.url ?? "http://127.0.0.1:4566";
  }

  /** All services, as `principal` (the account's root when left out) in an account and region. */
  aws(principal?: Principal, at: { readonly account?: string; readonly region?: string } = {}): AwsApis {
    const account = at.account ?? testAccount;
    const signal = this.#abort.signal;
    return this.kernel.apis(principal ?? { kind: "root", account }, account, at.region ?? testRegion, signal);
  }

  /** Resolves when every job that is due has run. */
  idle(): Promise<void> {
    return this.kernel.jobs.idle();
  }

  /** What a new process on the same data would be. */
  async restart(): Promise<void> {
    await this.#assembly.close();
    await this.start();
  }

  /** Opens the front door on a free port, for real clients. */
  async listen(): Promise<string> {
    this.#gateway ??= await startGateway({
      host: "127.0.0.1",
      port: 0,
      dispatcher: this.#assembly,
      identities: this.#assembly.identities,
      controls: {
        health: () => this.#assembly.health("0.0.0"),
        now: () => this.clock.now(),
        deadJobs: () => this.#assembly.deadJobs(),
      },
      clock: this.clock,
      ids: this.ids,
      log: this.#log(),
      auth: this.#options.auth ?? "lenient",
      account: testAccount,
      region: testRegion,
    });
    return this.#gateway.url;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#gateway?.stop(1000);
    await this.#assembly.close();
    await this.store.close();
    await this.blobs.close();
    await Promise.all(this.#packages.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async start(): Promise<void> {
    this.#assembly = new Assembly(this.#parts());
    await this.#assembly.start();
    if (this.#gateway) {
      await this.#gateway.stop(1000);
      this.#gateway = undefined;
      await this.listen();
    } else if (this.#options.functions) await this.listen();
  }

  #parts(): PlatformParts {
    return {
      store: this.store,
      blobs: this.blobs,
      clock: this.clock,
      ids: this.ids,
      log: this.#log(),
      account: testAccount,
      endpoint: () => this.endpoint,
      packagesDirectory: async () => {
        const folder = await mkdtemp(join(tmpdir(), "virga-test-packages-"));
        this.#packages.push(folder);
        return folder;
      },
      runtime: () => {
        if (!this.#options.functions) return Promise.reject(new Error("Ask for `functions: true` to run functions."));
        const interpreters = { path: process.env["PATH"] ?? "", home: process.env["HOME"] };
        return startRuntime({ clock: this.clock, ids: randomIds(), log: this.#log(), interpreters });
      },
    };
  }

  #log() {
    return createLog("warn", (level, message, fields) =>
      this.logged.push(`${level}: ${message} ${inspectFields(fields)}`),
    );
  }
}

function inspectFields(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name}=${value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value)}`,
    )
    .join(" ");
}

/** A started test platform; on a clock that stands still unless another is given. */
export async function testPlatform(
  options: Omit<TestPlatformOptions<ManualClock>, "clock"> = {},
): Promise<TestPlatform> {
  const platform = new TestPlatform(new ManualClock(), options);
  await platform.start();
  return platform;
}

/** The same on the machine's time, for functions and real clients. */
export async function liveTestPlatform(
  options: Omit<TestPlatformOptions<SystemClock>, "clock"> = {},
): Promise<TestPlatform<SystemClock>> {
  const platform = new TestPlatform(new SystemClock(), options);
  await platform.start();
  return platform;
}
