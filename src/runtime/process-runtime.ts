import { existsSync } from "node:fs";
import { access, constants, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import { environmentVariables } from "./environment-variables.ts";
import { Freezer } from "./freezer.ts";
import { functionError } from "./function-error.ts";
import type { FindInterpreter } from "./interpreters.ts";
import { LogPipes } from "./log-pipe.ts";
import type { LogPipe } from "./log-pipe.ts";
import { ProcessEnvironment } from "./process-environment.ts";
import type { Command } from "./process-environment.ts";
import { Reaper } from "./reaper.ts";
import { RuntimeApi } from "./runtime-api.ts";
import type { EnvironmentSpec, FunctionError, FunctionRuntime, StartedEnvironment } from "./runtime.ts";

export interface ProcessRuntimeOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The folder `sandbox/` of this project. */
  readonly sandboxDirectory: string;
  readonly findInterpreter: FindInterpreter;
  /** The search path for programs that functions get. */
  readonly path: string;
}

/** Runs each environment as a plain process of the user who runs the platform: separate, but not walled in. */
export function createProcessRuntime(options: ProcessRuntimeOptions): FunctionRuntime {
  return new ProcessRuntime(options);
}

/** What an environment is started with, besides its variables; or why it cannot be. */
type Plan =
  | {
      readonly file: string;
      readonly args: readonly string[];
      readonly language: string;
      readonly interpreter?: string;
      readonly borrowedSdk?: string | undefined;
    }
  | FunctionError;

class ProcessRuntime implements FunctionRuntime {
  readonly #options: ProcessRuntimeOptions;
  readonly #environments = new Set<ProcessEnvironment>();
  #workshop: Promise<Workshop> | undefined;
  #closed = false;

  constructor(options: ProcessRuntimeOptions) {
    this.#options = options;
  }

  async start(spec: EnvironmentSpec): Promise<StartedEnvironment> {
    const { clock, ids, path, sandboxDirectory } = this.#options;
    const startedAt = clock.monotonic();
    const failed = (error: FunctionError): StartedEnvironment => ({
      kind: "failed",
      error,
      initMs: clock.monotonic() - startedAt,
    });
    this.#refuseWhenClosed();
    this.#workshop ??= openWorkshop(this.#options);
    if (spec.layersRoot !== undefined && existsSync(join(spec.layersRoot, "extensions"))) {
      spec.onLog("WARNING: a layer of this function holds extensions; they are not started, as Virga runs none yet.");
    }
    const [plan, workshop, api] = await Promise.all([this.#plan(spec), this.#workshop, RuntimeApi.listen()]);
    if ("errorType" in plan) {
      api.close();
      return failed(plan);
    }
    const scratch = join(workshop.folder, ids.hex(16));
    let pipe: LogPipe;
    try {
      await mkdir(scratch, { mode: 0o700 });
      pipe = await workshop.pipes.open(spec.onLog);
      if (this.#closed) pipe.close();
      this.#refuseWhenClosed();
    } catch (error) {
      api.close();
      throw error;
    }

    const environment = new ProcessEnvironment({
      clock,
      api,
      pipe,
      memoryMb: spec.memoryMb,
      // A debugger has to be able to reach a function that stands between two invocations.
      freezer: spec.variables["NODE_OPTIONS"]?.includes("--inspect") ? undefined : workshop.freezer,
      initTimeoutMs: spec.initTimeoutMs,
      onGroup: (group) => workshop.reaper.watch(group),
      onGone: (group) => {
        workshop.reaper.forget(group);
        this.#environments.delete(environment);
        void rm(scratch, { recursive: true, force: true });
      },
    });
    this.#environments.add(environment);
    const command: Command = {
      file: plan.file,
      args: plan.args,
      cwd: spec.taskRoot,
      variables: environmentVariables({
        spec,
        runtimeApi: api.address,
        runtimeDirectory: join(sandboxDirectory, plan.language),
        scratch,
        interpreter: plan.interpreter,
        borrowedSdk: plan.borrowedSdk,
        path,
      }),
    };
    const error = await environment.start(command);
    if (error) return failed(error);
    return { kind: "ready", environment, initMs: clock.monotonic() - startedAt };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
    const workshop = await this.#workshop;
    if (!workshop) return;
    workshop.freezer.close();
    await workshop.reaper.close();
    await rm(workshop.folder, { recursive: true, force: true });
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error("The function runtime is closed.");
  }

  async #plan(spec: EnvironmentSpec): Promise<Plan> {
    const { runtime, taskRoot, layersRoot, memoryMb } = spec;
    const { sandboxDirectory, findInterpreter } = this.#options;
    if (runtime.startsWith("provided")) {
      for (const folder of layersRoot === undefined ? [taskRoot] : [taskRoot, layersRoot]) {
        const file = join(folder, "bootstrap");
        try {
          await access(file, constants.X_OK);
          return { file, args: [], language: "provided" };
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
          const place = folder === taskRoot ? "/var/task" : "/opt";
          return functionError("Runtime.InvalidEntrypoint", `Error: fork/exec ${place}/bootstrap: permission denied`);
        }
      }
      return functionError(
        "Runtime.InvalidEntrypoint",
        "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
      );
    }
    const found = await findInterpreter(runtime);
    if (found.kind === "missing") return functionError("Runtime.InvalidRuntime", found.message);
    if (found.warning) spec.onLog(found.warning);
    if (found.language === "nodejs") {
      // AWS leaves a tenth of the memory to all that is not the JavaScript heap.
      const heapMb = Math.floor(memoryMb * 0.9);
      const args = [`--max-old-space-size=${heapMb}`, join(sandboxDirectory, "nodejs", "bootstrap.cjs")];
      return { file: found.path, args, language: "nodejs", interpreter: found.path };
    }
    const args = [join(sandboxDirectory, "python", "bootstrap.py")];
    const { path, borrowedSdk } = found;
    return { file: path, args, language: "python", interpreter: path, borrowedSdk };
  }
}

/** What all environments of a runtime share: a folder of their own under the system's, pipes, the reaper and the freezer. */
interface Workshop {
  readonly folder: string;
  readonly pipes: LogPipes;
  readonly reaper: Reaper;
  readonly freezer: Freezer;
}

async function openWorkshop({ ids, log }: ProcessRuntimeOptions): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "virga-"));
  const reaper = new Reaper(folder, log);
  reaper.start();
  return { folder, pipes: new LogPipes(folder, ids), reaper, freezer: new Freezer() };
}
