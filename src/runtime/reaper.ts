import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Log } from "../base/log.ts";

/**
 * Reads `+ group` and `- group` lines. When its input ends, which is also how the platform's sudden death looks, it
 * kills the groups that are left and removes the scratch folder.
 */
const script = `
trap '' INT TERM HUP
groups=' '
while read -r verb group; do
  case $verb in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
rm -rf -- "$1"
`;

/** Sees to it that no function outlives the platform, even when the platform is killed with no chance to clean up. */
export class Reaper {
  readonly #folder: string;
  readonly #log: Log;
  readonly #groups = new Set<number>();
  #process: ChildProcess | undefined;
  #closed = false;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Begins before there is anything to clean up, so that no kill comes between. */
  start(): void {
    this.#process ??= this.#start();
  }

  /** Notes a process group that has to end with the platform. */
  watch(group: number): void {
    const child = this.#process ?? this.#start();
    this.#groups.add(group);
    child.stdin?.write(`+ ${group}\n`);
  }

  forget(group: number): void {
    if (this.#groups.delete(group)) this.#process?.stdin?.write(`- ${group}\n`);
  }

  /** Ends the reaper, which kills what is still watched and removes the scratch folder. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.ref();
    child.stdin?.end();
    await exited;
  }

  #start(): ChildProcess {
    // Detached: a signal to the platform's process group (Ctrl+C) must not take the reaper with it.
    const child = spawn("/bin/sh", ["-c", script, "virga-reaper", this.#folder], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
    });
    this.#process = child;
    child.stdin?.on("error", () => {});
    child.unref();
    (child.stdin as { unref?: () => void } | null)?.unref?.();
    child.once("error", (error) =>
      this.#log.warn("Functions may outlive a crash: /bin/sh could not be started.", { error: error.message }),
    );
    child.once("exit", () => {
      if (this.#closed || this.#process !== child) return;
      this.#process = undefined;
      if (this.#groups.size === 0) return;
      const next = this.#start();
      for (const group of this.#groups) next.stdin?.write(`+ ${group}\n`);
    });
    return child;
  }
}
