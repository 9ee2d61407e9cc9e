import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { realDelay } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { Deadline } from "./deadline.ts";
import type { Freezable, Freezer } from "./freezer.ts";
import { functionError } from "./function-error.ts";
import type { LogPipe } from "./log-pipe.ts";
import { ProcessMemory } from "./process-memory.ts";
import type { Answer, RuntimeApi } from "./runtime-api.ts";
import type { ExecutionEnvironment, FunctionError, Invocation, Outcome } from "./runtime.ts";

/** What a function may still do between being asked to end and being ended; AWS gives 300 ms. */
const graceMs = 300;
/** How long the last words of an ended process may take to come through its connections. */
const lastWordsMs = 200;
const memoryCheckMs = 100;

export interface ProcessEnvironmentOptions {
  readonly clock: Clock;
  readonly api: RuntimeApi;
  readonly pipe: LogPipe;
  readonly memoryMb: number;
  readonly initTimeoutMs: number;
  /** Makes it stand still between invocations; absent when it must not. */
  readonly freezer: Freezer | undefined;
  /** Called once, when the process and its group are gone. */
  readonly onGone: (group: number) => void;
  /** Called with the process group, as soon as there is one. */
  readonly onGroup: (group: number) => void;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Record<string, string>;
}

type Exit = Omit<Extract<Outcome, { kind: "exited" }>, "durationMs" | "maxMemoryMb">;
/** How the process ended, or that it has to be ended. */
type Ending = { readonly kind: "timeout" } | Exit;

type Settled = Answer | Ending;

/** One process of its own group, its Runtime API and its log pipe. */
export class ProcessEnvironment implements ExecutionEnvironment, Freezable {
  readonly exited: Promise<void>;
  readonly #options: ProcessEnvironmentOptions;
  readonly #deadline: Deadline;
  #child: ChildProcess | undefined;
  #memory: ProcessMemory | undefined;
  #settle: ((settled: Settled) => void) | undefined;
  #ending: Exit | undefined;
  #outOfMemory = false;
  #watchingMemory = false;
  readonly #gone = new AbortController();
  #leave!: () => void;

  constructor(options: ProcessEnvironmentOptions) {
    this.#options = options;
    this.#deadline = new Deadline(options.clock, () => this.#timeOut());
    this.exited = new Promise((resolve) => (this.#leave = resolve));
  }

  /** Starts the process and resolves when init has ended: with nothing when it went well. */
  async start(command: Command): Promise<FunctionError | undefined> {
    const { api, pipe, initTimeoutMs, clock } = this.#options;
    const init = new Promise<FunctionError | Ending | undefined>((resolve) => {
      api.onReady = () => resolve(undefined);
      api.onInitError = (error) => resolve(error);
      this.#settle = (settled) => {
        if (settled.kind === "timeout" || settled.kind === "exited") resolve(settled);
      };
    });
    const failure = await this.#spawn(command);
    if (failure) return failure;
    this.#deadline.arm(clock.now() + initTimeoutMs);
    const result = await init;
    this.#settle = undefined;
    this.#deadline.disarm();
    pipe.drain();
    if (!result) {
      this.#options.freezer?.rest(this);
      return undefined;
    }
    await this.#kill();
    if ("payload" in result) return result;
    if (result.kind === "timeout") {
      return functionError(
        "Sandbox.Timedout",
        `Error: Task timed out after ${(initTimeoutMs / 1000).toFixed(2)} seconds`,
      );
    }
    return functionError("Runtime.ExitError", `Error: ${describeExit(result)}`);
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    const { clock, api, pipe, freezer } = this.#options;
    const startedAt = clock.monotonic();
    return new Promise((resolve) => {
      const settle = (settled: Settled) => {
        if (this.#settle !== settle) return;
        this.#settle = undefined;
        this.#deadline.disarm();
        const endedAt = clock.monotonic();
        const durationMs = endedAt - startedAt;
        const maxMemoryMb = this.#memory?.peakMb(endedAt, durationMs) ?? 0;
        pipe.drain();
        const outcome: Outcome = { ...settled, durationMs, maxMemoryMb };
        if (settled.kind === "timeout" || settled.kind === "exited")
          return void this.#kill().then(() => resolve(outcome));
        freezer?.rest(this);
        resolve(outcome);
      };
      this.#settle = settle;
      if (this.#ending) return settle({ ...this.#ending, notTaken: true });
      freezer?.wake(this);
      api.invoke(invocation, this.#deadline.arm(invocation.deadline), settle);
      void this.#watchMemory();
    });
  }

  async stop(): Promise<void> {
    if (!this.#child || this.#ending) return this.exited;
    this.#signal("SIGTERM");
    this.#options.freezer?.wake(this);
    const grace = new AbortController();
    await Promise.race([this.exited, realDelay(graceMs, grace.signal).catch(() => {})]);
    grace.abort();
    await this.#kill();
  }

  freeze(): boolean {
    // A runtime that does not ask for an invocation yet is still busy with the last one.
    if (!this.#options.api.isPolled || this.#settle) return false;
    this.#signal("SIGSTOP");
    return true;
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  #spawn(command: Command): Promise<FunctionError | undefined> {
    const { pipe, onGroup } = this.#options;
    return new Promise((resolve) => {
      const failed = (error: Error) => {
        pipe.close();
        this.#end(null, null);
        resolve(functionError("Runtime.InvalidEntrypoint", `Error: ${error.message}`));
      };
      let child: ChildProcess;
      try {
        child = spawn(command.file, command.args, {
          cwd: command.cwd,
          env: command.variables,
          detached: true,
          stdio: ["ignore", ...pipe.childEnds],
        });
      } catch (error) {
        pipe.closeChildEnds();
        return failed(error as Error);
      }
      pipe.closeChildEnds();
      if (child.pid === undefined) return void child.once("error", failed);
      this.#child = child;
      this.#memory = new ProcessMemory(child.pid);
      onGroup(child.pid);
      child.once("exit", (code, signal) => void this.#exit(code, signal));
      resolve(undefined);
    });
  }

  async #exit(exitCode: number | null, signal: string | null): Promise<void> {
    // The rest of the group ends with its leader.
    this.#signal("SIGKILL");
    // What the process sent before it ended is still on its way through the loopback connection.
    const patience = new AbortController();
    await Promise.race([this.#options.api.drained(), realDelay(lastWordsMs, patience.signal).catch(() => {})]);
    patience.abort();
    this.#end(exitCode, signal);
  }

  #end(exitCode: number | null, signal: string | null): void {
    const { pipe, api, onGone } = this.#options;
    pipe.close();
    const outOfMemory = this.#outOfMemory || (signal === "SIGABRT" && pipe.sawHeapExhaustion);
    this.#ending = { kind: "exited", exitCode, signal, outOfMemory };
    this.#settle?.(api.holdsInvocation ? { ...this.#ending, notTaken: true } : this.#ending);
    this.#gone.abort();
    this.#deadline.close();
    this.#memory?.close();
    api.close();
    this.#options.freezer?.forget(this);
    onGone(this.#child?.pid ?? 0);
    this.#leave();
  }

  #timeOut(): void {
    this.#settle?.({ kind: "timeout" });
  }

  #kill(): Promise<void> {
    this.#signal("SIGKILL");
    return this.exited;
  }

  #signal(signal: NodeJS.Signals): void {
    const group = this.#child?.pid;
    if (group === undefined || this.#ending) return;
    try {
      process.kill(-group, signal);
    } catch {
      // The group is empty already.
    }
  }

  /** Ends a process that has outgrown its memory; runs only while an invocation does. */
  async #watchMemory(): Promise<void> {
    if (this.#watchingMemory) return;
    this.#watchingMemory = true;
    while (this.#settle && !this.#gone.signal.aborted) {
      await realDelay(memoryCheckMs, this.#gone.signal).catch(() => {});
      if (this.#ending || !this.#memory || this.#memory.ownMb() <= this.#options.memoryMb) continue;
      this.#outOfMemory = true;
      this.#signal("SIGKILL");
      break;
    }
    this.#watchingMemory = false;
  }
}

/** As AWS words it. */
function describeExit({ exitCode, signal }: Exit): string {
  if (signal === null) {
    if (exitCode === 0) return "Runtime exited without providing a reason";
    return `Runtime exited with error: exit status ${exitCode}`;
  }
  const words: Record<string, string> = {
    SIGKILL: "killed",
    SIGABRT: "aborted",
    SIGSEGV: "segmentation fault",
    SIGTERM: "terminated",
  };
  return `Runtime exited with error: signal: ${words[signal] ?? signal}`;
}
