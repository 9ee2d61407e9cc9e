import { Socket } from "node:net";
import { realDelay, type Clock } from "../base/clock.ts";

/**
 * Resolves with the reason when the process is asked to stop. From then on it ends within 5 s, and a second Ctrl-C
 * ends it at once.
 */
export async function untilStopped(clock: Clock): Promise<string> {
  const signal = await new Promise<NodeJS.Signals>((asked) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, asked);
  });
  const askedAt = clock.monotonic();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      // A terminal and a launcher may both deliver the same Ctrl-C; that is one wish, not two.
      if (clock.monotonic() - askedAt > 500) process.exit(130);
    });
  }
  void realDelay(4_800).then(() => process.exit(1));
  return signal;
}

/**
 * Ends the process together with the launcher that started it, whatever ended that. A launcher that was killed cannot
 * pass on why, so this ends like a kill too: what was acknowledged is on disk.
 */
export function watchLifeline(): void {
  const [, descriptor, launcher] = /^(\d+):(\d+)$/.exec(process.env["VIRGA_LIFELINE"] ?? "") ?? [];
  delete process.env["VIRGA_LIFELINE"];
  // Of another process than the one that started this: its descriptor is not here, only its variable.
  if (descriptor === undefined || Number(launcher) !== process.ppid) return;
  const lifeline = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  lifeline.on("error", () => {});
  lifeline.on("close", () => process.kill(process.pid, "SIGKILL"));
  lifeline.resume();
  lifeline.unref();
}
