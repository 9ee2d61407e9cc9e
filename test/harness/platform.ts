import type { AwsApis } from "../../src/api/apis.ts";
import { ManualClock } from "../../src/base/clock.ts";
import { seededIds } from "../../src/base/ids.ts";
import { createLog } from "../../src/base/log.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { Principal } from "../../src/kernel/principal.ts";
import { Assembly, type PlatformParts } from "../../src/platform.ts";
import { MemoryBlobs } from "../../src/storage/memory-blobs.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import { TwiceStore } from "../../src/storage/twice-store.ts";

export const testAccount = "000000000000";
export const testRegion = "us-east-1";

/**
 * A whole platform in this process and in memory, on a clock that only tests move. Every `write` body runs twice, so that
 * hidden side effects show. What a handler throws besides AwsErrors reaches the test as it is.
 */
export class TestPlatform {
  readonly clock = new ManualClock();
  readonly ids = seededIds("virga");
  readonly store = new TwiceStore(new MemoryStore());
  readonly blobs = new MemoryBlobs({ ids: this.ids, clock: this.clock });
  /** Warnings and errors that were logged, for tests that expect some. */
  readonly logged: string[] = [];
  #assembly!: Assembly;
  #abort = new AbortController();

  static async start(): Promise<TestPlatform> {
    const platform = new TestPlatform();
    await platform.#start();
    return platform;
  }

  get kernel(): Kernel {
    return this.#assembly.kernel;
  }

  /** All services, as `principal` (the account's root when left out) in an account and region. */
  aws(principal?: Principal, at: { readonly account?: string; readonly region?: string } = {}): AwsApis {
    const account = at.account ?? testAccount;
    return this.kernel.apis(
      principal ?? { kind: "root", account },
      account,
      at.region ?? testRegion,
      this.#abort.signal,
    );
  }

  /** Resolves when every job that is due has run. */
  idle(): Promise<void> {
    return this.kernel.jobs.idle();
  }

  /** What a new process on the same data would be. */
  async restart(): Promise<void> {
    await this.#assembly.close();
    await this.#start();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#assembly.close();
    await this.store.close();
  }

  async #start(): Promise<void> {
    this.#assembly = new Assembly(this.#parts());
    await this.#assembly.start();
  }

  #parts(): PlatformParts {
    return {
      store: this.store,
      blobs: this.blobs,
      clock: this.clock,
      ids: this.ids,
      log: createLog("warn", (level, message, fields) =>
        this.logged.push(`${level}: ${message} ${inspectFields(fields)}`),
      ),
      account: testAccount,
      endpoint: () => "http://127.0.0.1:4566",
      runtime: () => Promise.reject(new Error("This test platform runs no functions.")),
    };
  }
}

function inspectFields(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name}=${value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value)}`,
    )
    .join(" ");
}

export function testPlatform(): Promise<TestPlatform> {
  return TestPlatform.start();
}
