import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { closingLine, countTests, type VitestReport } from "./test-totals.ts";

/**
 * What `npm test` runs: the checks of the whole tree one after another, then every test. Stops at the first check that
 * fails, with its output. `--check` leaves the tests out; other arguments go to vitest (`npm test -- src/storage`).
 */
const root = resolve(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache/virga");
const reportFile = join(cache, "vitest.json");

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Step[] = [
  { name: "format", command: bin("oxfmt", "--check") },
  { name: "lint", command: bin("oxlint", "--type-aware", "--quiet") },
  { name: "types", command: bin("tsc", "-p", ".") },
  { name: "unused code", command: bin("knip", "--no-progress") },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean", default: false } },
});
process.exitCode = await main(values.check, positionals);

async function main(checksOnly: boolean, filters: readonly string[]): Promise<number> {
  process.chdir(root);
  mkdirSync(cache, { recursive: true });
  for (const step of filters.length > 0 ? [] : checks) {
    const started = performance.now();
    const ended = spawnSync(process.execPath, step.command, { encoding: "utf8", maxBuffer: 1 << 28 });
    const passed = ended.status === 0;
    report(step.name, passed, performance.now() - started);
    if (passed) continue;
    process.stdout.write(`\n${ended.stdout}${ended.stderr}\n`);
    console.log(`The check "${step.name}" failed, so nothing after it ran. ${adviceFor(step.name)}`);
    return 1;
  }
  return checksOnly ? 0 : runTests(filters);
}

async function runTests(filters: readonly string[]): Promise<number> {
  const started = performance.now();
  const environment = { ...process.env, ...pythonClients() };
  rmSync(reportFile, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, bin("vitest", "run", ...reporters, ...filters), {
    stdio: "inherit",
    env: environment,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  const status = await new Promise<number>((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => done(code ?? 1));
  });
  const duration = performance.now() - started;
  if (!existsSync(reportFile)) {
    report("tests", false, duration);
    console.log("The test runner ended without a report.");
    return 1;
  }
  const counts = countTests(JSON.parse(readFileSync(reportFile, "utf8")) as VitestReport);
  // The runner also fails for errors outside of any test; then at least one thing failed.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  report("tests", counts.failed === 0, duration);
  for (const { file, name } of counts.skippedTests) console.log(`  skipped: ${relative(root, file)} › ${name}`);
  console.log(closingLine(counts));
  return counts.failed === 0 ? 0 : 1;
}

/** The Python clients that tests speak to the platform with. Where they are missing and can be had, they come from PyPI. */
function pythonClients(): Record<string, string> {
  const path = process.env["PATH"] ?? "";
  const works = (command: string, args: string[], searchPath: string) =>
    spawnSync(command, args, { stdio: "ignore", env: { ...process.env, PATH: searchPath } }).status === 0;
  const complete = (searchPath: string) =>
    works("python3", ["-c", "import boto3"], searchPath) && works("aws", ["--version"], searchPath);

  const started = performance.now();
  if (complete(path)) return {};
  const environment = join(cache, "python");
  const withEnvironment = `${join(environment, "bin")}:${path}`;
  if (complete(withEnvironment)) return { PATH: withEnvironment };
  const made =
    works("python3", ["-m", "venv", environment], path) &&
    works(
      join(environment, "bin/python3"),
      ["-m", "pip", "install", "-q", "boto3==1.43.11", "awscli==1.45.11"],
      path,
    ) &&
    complete(withEnvironment);
  report("python clients", made, performance.now() - started);
  if (made) return { PATH: withEnvironment };
  console.log("  boto3 and the AWS CLI are not here and could not be installed: the tests that need them are skipped.");
  return {};
}

/** A tool of `node_modules`, run by this very Node. */
function bin(name: string, ...args: readonly string[]): string[] {
  const folder = join(root, "node_modules", name === "tsc" ? "typescript" : name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: string | Record<string, string>;
  };
  const script = typeof manifest.bin === "string" ? manifest.bin : manifest.bin[name];
  if (!script) throw new Error(`${folder} has no command ${name}.`);
  return [join(folder, script), ...args];
}

function adviceFor(step: string): string {
  if (step === "format") return "`npm run format` mends it.";
  if (step === "lint") return "`npm run lint` mends what can be mended by itself.";
  return "";
}

function report(name: string, passed: boolean, durationMs: number): void {
  console.log(`${passed ? "✓" : "✗"} ${name.padEnd(16)} ${(durationMs / 1000).toFixed(1).padStart(6)} s`);
}
