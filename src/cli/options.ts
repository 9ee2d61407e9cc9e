import { parseArgs } from "node:util";
import type { LogLevel } from "../base/log.ts";

/** An option of `virga start`; each is also an environment variable, `VIRGA_` and its name in capitals. */
export interface OptionSpec {
  readonly name: string;
  /** How the value is called in the help; absent for switches. */
  readonly value?: string;
  readonly default?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly about: string;
}

const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

export const startOptions: readonly OptionSpec[] = [
  { name: "port", value: "number", default: "4566", about: "Port for everything; 0 takes a free one" },
  { name: "host", value: "address", default: "127.0.0.1", about: "Address to listen on; 0.0.0.0 is every one" },
  { name: "data-dir", value: "folder", default: ".virga", about: "Where everything is kept" },
  { name: "memory", about: "Keep everything in memory; nothing survives a stop" },
  { name: "region", value: "name", default: "us-east-1", about: "Region of requests that name none" },
  { name: "account", value: "12 digits", default: "000000000000", about: "Account of access keys that name none" },
  {
    name: "auth",
    value: "mode",
    default: "lenient",
    choices: ["lenient", "strict"],
    about: "lenient: any access key acts as root, keys made here are checked; strict: only keys made here",
  },
  {
    name: "durability",
    value: "mode",
    default: "full",
    choices: ["full", "relaxed"],
    about: "full: answered after the disk has it; relaxed: faster, a power cut may lose the last moments",
  },
  {
    name: "log-level",
    value: "level",
    default: "info",
    choices: logLevels,
    about: "info: a line per request; warn: only trouble",
  },
  { name: "tls-cert", value: "file", about: "Serve HTTPS with this certificate (PEM)" },
  { name: "tls-key", value: "file", about: "Private key of --tls-cert (PEM)" },
  {
    name: "cors-origin",
    value: "origins",
    about: "Web pages that may call the APIs besides local ones: https://a.example,https://b.example",
  },
  {
    name: "allow-host",
    value: "names",
    about: "Names under which browsers may call, besides local ones: virga.example",
  },
  { name: "time-travel", about: "Let POST /_virga/clock move the clock" },
  { name: "allow-reset", about: "Let POST /_virga/reset delete everything (always so with --memory)" },
  { name: "allow-insecure", about: "Let --auth lenient listen where other machines can reach it" },
];

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  /** Undefined keeps everything in memory. */
  readonly dataDirectory: string | undefined;
  readonly region: string;
  readonly account: string;
  readonly auth: "lenient" | "strict";
  readonly durability: "full" | "relaxed";
  readonly logLevel: LogLevel;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly corsOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly timeTravel: boolean;
  readonly allowReset: boolean;
}

/** What the user asked for cannot be done; the message says what can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the options of `virga start`: arguments first, then the environment, then defaults. @throws {UsageError} */
export function parseStartOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const given = readArguments(args);
  const text = (name: string) => valueOf(name, given, environment);
  const isOn = (name: string) => switchOf(name, given, environment);

  const port = Number(text("port"));
  if (!/^\d+$/.test(text("port") ?? "") || port > 65535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not "${text("port")}".`);
  }
  const account = text("account")!;
  if (!/^\d{12}$/.test(account))
    throw new UsageError(`--account must be 12 digits, like 000000000000, not "${account}".`);
  const region = text("region")!;
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) {
    throw new UsageError(`--region must look like us-east-1, not "${region}".`);
  }
  const host = text("host")!;
  const auth = text("auth") as StartOptions["auth"];
  if (auth === "lenient" && !isLoopback(host) && !isOn("allow-insecure")) {
    throw new UsageError(
      `--host ${host} lets other machines in, and with --auth lenient every one of them is the account's root.\n` +
        "Choose one of:\n" +
        "  --auth strict      only access keys that were made here; the first one is made for you\n" +
        "  --host 127.0.0.1   only this machine\n" +
        "  --allow-insecure   when the network itself keeps others out (a container, a test network)",
    );
  }
  const certFile = text("tls-cert");
  const keyFile = text("tls-key");
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UsageError(`--tls-cert and --tls-key go together; ${certFile ? "--tls-key" : "--tls-cert"} is missing.`);
  }
  const memory = isOn("memory");
  if (memory && given.has("data-dir")) {
    throw new UsageError("--memory keeps nothing, so it does not go with --data-dir; leave one of them out.");
  }
  return {
    port,
    host,
    dataDirectory: memory ? undefined : text("data-dir"),
    region,
    account,
    auth,
    durability: text("durability") as StartOptions["durability"],
    logLevel: text("log-level") as LogLevel,
    tls: certFile && keyFile ? { certFile, keyFile } : undefined,
    corsOrigins: readOrigins(text("cors-origin")),
    allowedHosts: readHosts(text("allow-host")),
    timeTravel: isOn("time-travel"),
    allowReset: memory || isOn("allow-reset"),
  };
}

function readOrigins(text: string | undefined): readonly string[] {
  const origins = readList(text);
  for (const origin of origins) {
    if (origin !== "*" && !/^https?:\/\/[^\s/?#@]+$/.test(origin)) {
      throw new UsageError(
        `--cors-origin takes origins like https://app.example:8080, without a path, not "${origin}".`,
      );
    }
  }
  return origins;
}

function readHosts(text: string | undefined): readonly string[] {
  const hosts = readList(text).map((host) => host.toLowerCase());
  for (const host of hosts) {
    if (host !== "*" && !/^[a-z0-9.-]+$/.test(host)) {
      throw new UsageError(`--allow-host takes names like virga.example, without a port, not "${host}".`);
    }
  }
  return hosts;
}

function readList(text: string | undefined): readonly string[] {
  return (text ?? "").split(",").flatMap((part) => part.trim() || []);
}

/** The environment variable of an option. */
export function variableOf(name: string): string {
  return `VIRGA_${name.toUpperCase().replaceAll("-", "_")}`;
}

function readArguments(args: readonly string[]): ReadonlyMap<string, string | boolean> {
  const options = Object.fromEntries(
    startOptions.map((option) => [option.name, { type: option.value ? ("string" as const) : ("boolean" as const) }]),
  );
  const { tokens } = parseArgs({ args: [...args], options, tokens: true, strict: false, allowPositionals: true });
  const given = new Map<string, string | boolean>();
  for (const token of tokens) {
    if (token.kind === "positional")
      throw new UsageError(`"${token.value}" is not understood here. See \`virga help\`.`);
    if (token.kind !== "option") continue;
    const spec = startOptions.find((option) => option.name === token.name);
    if (!spec)
      throw new UsageError(`There is no option ${token.rawName}.${suggestion(token.name)} See \`virga help\`.`);
    // `--port --memory` has swallowed the next option, not a value.
    if (spec.value && (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))) {
      throw new UsageError(`--${spec.name} needs a value: --${spec.name} <${spec.value}>.`);
    }
    if (!spec.value && token.value !== undefined)
      throw new UsageError(`--${spec.name} is a switch and takes no value.`);
    given.set(spec.name, token.value ?? true);
  }
  return given;
}

function valueOf(
  name: string,
  given: ReadonlyMap<string, string | boolean>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const spec = startOptions.find((option) => option.name === name)!;
  const argument = given.get(name);
  const variable = environment[variableOf(name)];
  // An empty variable counts as not set, as in `VIRGA_PORT= npm start`.
  const value = typeof argument === "string" ? argument : variable || spec.default;
  if (value !== undefined && spec.choices && !spec.choices.includes(value)) {
    const source = typeof argument === "string" ? `--${name}` : variableOf(name);
    throw new UsageError(`${source} must be ${spec.choices.join(" or ")}, not "${value}".`);
  }
  return value;
}

function switchOf(
  name: string,
  given: ReadonlyMap<string, string | boolean>,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (given.has(name)) return true;
  const value = (environment[variableOf(name)] ?? "").toLowerCase();
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["", "0", "false", "no", "off"].includes(value)) return false;
  throw new UsageError(`${variableOf(name)} must be 1 or 0, not "${value}".`);
}

/** Whether only this machine can reach an address that is listened on. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function suggestion(name: string): string {
  const close = startOptions.find(
    (option) => option.name.startsWith(name.slice(0, 3)) || option.name.includes(name) || name.includes(option.name),
  );
  return close ? ` Did you mean --${close.name}?` : "";
}
