import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { realDelay } from "../../src/base/clock.ts";

const launcher = resolve(import.meta.dirname, "../../bin/virga.js");

/** A platform as a person starts it: `virga start` in a process of its own, on a free port and a directory of its own. */
export class VirgaProcess {
  /** Holds the data directory and whatever a test wants to put beside it. */
  readonly folder: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();
  #endpoint = "";
  #output = "";
  #errors = "";

  private constructor(folder: string, args: readonly string[]) {
    this.folder = folder;
    this.#args = args;
  }

  /** Starts a platform; `args` go to `virga start`. A failed start leaves nothing behind. */
  static async start(...args: readonly string[]): Promise<VirgaProcess> {
    const virga = new VirgaProcess(await mkdtemp(join(tmpdir(), "virga-journey-")), args);
    try {
      await virga.start();
    } catch (error) {
      await virga.remove().catch(() => {});
      throw error;
    }
    return virga;
  }

  /** `http://127.0.0.1:…`; stays the same over restarts. */
  get endpoint(): string {
    return this.#endpoint;
  }

  get dataDirectory(): string {
    return join(this.folder, "data");
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** What it said on standard output, in all its lives. */
  get output(): string {
    return this.#output;
  }

  /** What it logged, in all its lives. */
  get errors(): string {
    return this.#errors;
  }

  /** Starts it again on the same data and port. */
  async start(): Promise<void> {
    const port = this.#endpoint ? new URL(this.#endpoint).port : "0";
    const directory = this.#args.includes("--memory") ? [] : ["--data-dir", this.dataDirectory];
    await mkdir(this.#temporary, { recursive: true });
    const child = spawn(process.execPath, [launcher, "start", "--port", port, ...directory, ...this.#args], {
      // The fourth descriptor closes with this process, however it ends, and then the platform ends too.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...withoutAws(process.env),
        TMPDIR: this.#temporary,
        VIRGA_LIFELINE: `3:${process.pid}`,
        VIRGA_LOG_LEVEL: "warn",
      },
    });
    this.#child = child;
    this.#exit = once(child, "close");
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
    const said = this.#output.length;
    const ready = Promise.withResolvers<void>();
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
      const endpoint = /ready at (\S+) /.exec(this.#output.slice(said))?.[1];
      if (!endpoint) return;
      this.#endpoint = endpoint;
      ready.resolve();
    });
    void this.#exit.then(() => ready.reject(new Error(`The platform ended before it was ready.\n${this.#errors}`)));
    await ready.promise;
  }

  /** kill -9: nothing in it runs on, nothing is said goodbye to. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exit;
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Asks it to stop; resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.#child?.kill("SIGTERM");
    await this.#exit;
    return this.#child?.exitCode ?? null;
  }

  /**
   * Ends it in whatever state it is, and deletes its folder. Rejects when it has ever logged a warning or an error, or has
   * left temporary files behind in all its kills.
   */
  async remove(): Promise<void> {
    await this.kill();
    const left = await this.#temporaryFiles();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (this.#errors) throw new Error(`The platform complained:\n${this.#errors}`);
    if (left.length > 0) throw new Error(`The platform left temporary files: ${left.join(" ")}`);
  }

  /** What is left after whoever cleans up behind a killed platform had time for it. */
  async #temporaryFiles(): Promise<string[]> {
    for (let waits = 0; ; waits++) {
      const left = await readdir(this.#temporary).catch(() => []);
      if (left.length === 0 || waits === 100) return left;
      await realDelay(20);
    }
  }

  get #temporary(): string {
    return join(this.folder, "tmp");
  }
}

/** An environment in which no setting of the person who runs the tests bears on a client or a platform. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|VIRGA|BOTO)_/.test(name)));
}

/** The processes that a process has started, and theirs; none where the system does not tell. */
export async function processesOf(pid: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "");
    for (const child of children.trim().split(" ").filter(Boolean).map(Number)) {
      found.push(child, ...(await processesOf(child)));
    }
  }
  return found;
}
