import { mkdtemp, readFile } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SystemClock } from "../base/clock.ts";
import { randomIds } from "../base/ids.ts";
import { createLog } from "../base/log.ts";
import type { Platform } from "../platform.ts";
import { readyText } from "./banner.ts";
import { logSink } from "./log-output.ts";
import { parseStartOptions, UsageError, type StartOptions } from "./options.ts";
import { rootCredentials } from "./root-credentials.ts";
import { untilStopped } from "./stop.ts";

/** Requests under way get this long to end; the process is gone within 5 s in any case. */
const graceMs = 4_000;

/** `virga start`: runs a platform until it is asked to stop. Resolves with the exit code. */
export async function start(args: readonly string[], version: string): Promise<number> {
  const options = parseStartOptions(args, process.env);
  const clock = new SystemClock();
  const ids = randomIds();
  const log = createLog(options.logLevel, logSink(process.stderr, clock, process.env));

  let platform: Platform;
  let credentialsFile: string | undefined;
  try {
    if (options.auth === "strict") credentialsFile = await credentialsFileOf(options);
    const { startPlatform } = await import("../platform.ts");
    platform = await startPlatform({
      port: options.port,
      host: options.host,
      dataDirectory: options.dataDirectory && resolve(options.dataDirectory),
      region: options.region,
      account: options.account,
      auth: options.auth,
      rootCredentials: credentialsFile ? await rootCredentials(credentialsFile, ids) : undefined,
      durability: options.durability,
      tls: options.tls && { cert: await readPem(options.tls.certFile), key: await readPem(options.tls.keyFile) },
      corsOrigins: options.corsOrigins,
      allowedHosts: options.allowedHosts,
      timeTravel: options.timeTravel,
      allowReset: options.allowReset,
      log,
      clock,
      ids,
      version,
      interpreters: { path: process.env["PATH"] ?? "", home: process.env["HOME"] },
    });
  } catch (error) {
    const advice = adviceFor(error, options);
    if (!advice) throw error;
    console.error(`virga: ${advice}`);
    return 1;
  }

  // `performance.now` of Node counts from the start of the process, which is what a person waited for.
  process.stdout.write(readyText({ platform, options, credentialsFile, version, startMs: clock.monotonic() }));
  // What was compiled is kept for the next start, however this one ends.
  flushCompileCache();
  const reason = await untilStopped(clock);
  log.info(`Stopping (${reason}): requests under way may end.`);
  await platform.close(graceMs);
  log.info("Stopped.");
  return 0;
}

/** With the data, so that it goes where they go; without a data directory in a folder of its own. */
async function credentialsFileOf(options: StartOptions): Promise<string> {
  const folder = options.dataDirectory ? resolve(options.dataDirectory) : await mkdtemp(join(tmpdir(), "virga-"));
  return join(folder, "root-credentials");
}

async function readPem(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`The TLS file ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What to do about a failure that is the surroundings', not ours. */
function adviceFor(error: unknown, options: StartOptions): string | undefined {
  const { code, name, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EADDRINUSE":
      return (
        `Port ${options.port} of ${options.host} is already taken, perhaps by another Virga or LocalStack.\n` +
        `Stop that one (\`lsof -i :${options.port}\` names it), or take another port: --port ${options.port + 1}, or --port 0 for any free one.`
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${options.host}. Use --host 127.0.0.1, or --host 0.0.0.0 for every address.`;
    case "EACCES":
      if (message.includes("listen")) {
        return `Port ${options.port} may not be opened by this user. Ports from 1024 up may: --port 4566.`;
      }
      return `${message}. The data directory must be writable: choose another with --data-dir.`;
    case "ENOENT":
    case "ENOTDIR":
    case "EEXIST":
    case "EROFS":
    case "ENOSPC":
      return `${message}. The data directory must be a folder that can be written: choose another with --data-dir.`;
    default:
      if (options.tls && /^ERR_(OSSL|TLS)/.test(code ?? "")) {
        return `The TLS files cannot be used (${message}): ${options.tls.certFile} must hold a certificate in PEM form, and ${options.tls.keyFile} its private key.`;
      }
      return name === "DataDirectoryError" ? message : undefined;
  }
}
