import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { findPythonSdk } from "./python-sdk.ts";

/** An interpreter that can run functions of a runtime identifier, or how to get one. */
export type Interpreter =
  | {
      readonly kind: "found";
      readonly language: Language;
      readonly path: string;
      /** A line for the function's log when the version is not the one that was asked for. */
      readonly warning?: string;
      /** Folder of another Python's packages with boto3 in it, for a Python that has none. */
      readonly borrowedSdk?: string;
    }
  | { readonly kind: "missing"; readonly message: string };

export type Language = "nodejs" | "python";
export type FindInterpreter = (runtime: string) => Promise<Interpreter>;

export interface InterpreterSearch {
  /** Folders to look for programs in, as in `PATH`. */
  readonly path: string;
  /** The home folder, in which version managers keep what they install. */
  readonly home: string;
  /** The Node.js that runs the platform. */
  readonly execPath: string;
}

interface Candidate {
  readonly path: string;
  readonly version: Version;
}

/** Major and minor for Python, major alone for Node.js. */
type Version = readonly [major: number, minor: number];

const languages: Record<Language, { readonly name: string; readonly oldest: Version; readonly identifier: RegExp }> = {
  nodejs: { name: "Node.js", oldest: [16, 0], identifier: /^nodejs(\d+)\.x$/ },
  python: { name: "Python", oldest: [3, 8], identifier: /^python(\d+)\.(\d+)$/ },
};

/**
 * Finds interpreters on this machine: on the search path and where version managers keep them. The exact version if it
 * is there, else the nearest of the language, newer preferred. What was found is remembered for as long as the answer lives.
 */
export function createInterpreterFinder(search: InterpreterSearch): FindInterpreter {
  const candidates = new Map<Language, Promise<Candidate[]>>();
  const answers = new Map<string, Promise<Interpreter>>();

  const find = async (runtime: string): Promise<Interpreter> => {
    for (const language of ["nodejs", "python"] as const) {
      const match = languages[language].identifier.exec(runtime);
      if (!match) continue;
      const wanted: Version = [Number(match[1]), Number(match[2] ?? 0)];
      // The platform's own Node.js needs no search, and is the one that is most often wanted.
      if (language === "nodejs" && process.versions.node.startsWith(`${wanted[0]}.`)) {
        return { kind: "found", language, path: search.execPath };
      }
      let known = candidates.get(language);
      if (!known) candidates.set(language, (known = language === "nodejs" ? findNodes(search) : findPythons(search)));
      return withSdk(choose(runtime, language, wanted, await known), await known, search.home);
    }
    return {
      kind: "missing",
      message: `Functions with the runtime ${runtime} cannot run here yet. Use nodejs16.x-nodejs24.x, python3.8-python3.14 or provided.al2023.`,
    };
  };
  return (runtime) => {
    let answer = answers.get(runtime);
    if (!answer) answers.set(runtime, (answer = find(runtime)));
    return answer;
  };
}

async function withSdk(chosen: Interpreter, all: readonly Candidate[], home: string): Promise<Interpreter> {
  if (chosen.kind === "missing" || chosen.language !== "python") return chosen;
  const own = all.find(({ path }) => path === chosen.path);
  const sdk = own && (await findPythonSdk(own, all, home));
  return sdk && !sdk.isOwn ? { ...chosen, borrowedSdk: sdk.directory } : chosen;
}

function choose(runtime: string, language: Language, wanted: Version, all: readonly Candidate[]): Interpreter {
  const { name, oldest } = languages[language];
  const usable = all.filter((candidate) => compare(candidate.version, oldest) >= 0);
  // Node.js has one runtime per major version: its minor does not matter.
  const distance = (candidate: Candidate) =>
    language === "nodejs" ? candidate.version[0] - wanted[0] : compare(candidate.version, wanted);
  const newer = usable.filter((candidate) => distance(candidate) >= 0).toSorted((a, b) => distance(a) - distance(b));
  const older = usable.filter((candidate) => distance(candidate) < 0).toSorted((a, b) => distance(b) - distance(a));
  const best = newer[0] ?? older[0];
  const wantedText = versionText(language, wanted);
  if (!best) {
    return {
      kind: "missing",
      message: `There is no ${name} on this machine that could run ${runtime} functions. Install ${name} ${wantedText} so that it is found on PATH (or with ${language === "nodejs" ? "nvm, fnm, volta, asdf or mise" : "pyenv, uv, asdf or mise"}) and start the platform again.`,
    };
  }
  if (distance(best) === 0) return { kind: "found", language, path: best.path };
  return {
    kind: "found",
    language,
    path: best.path,
    warning: `WARNING: this machine has no ${name} ${wantedText}; the function runs on ${name} ${versionText(language, best.version)}, the nearest version found. Install ${name} ${wantedText} to run it as on AWS.`,
  };
}

function versionText(language: Language, version: Version): string {
  return language === "nodejs" ? String(version[0]) : `${version[0]}.${version[1]}`;
}

function compare(a: Version, b: Version): number {
  return a[0] * 1000 + a[1] - (b[0] * 1000 + b[1]);
}

async function findNodes({ path, home, execPath }: InterpreterSearch): Promise<Candidate[]> {
  const installed = await Promise.all([
    inVersionFolders(join(home, ".nvm/versions/node"), "bin/node"),
    inVersionFolders(join(home, ".local/share/fnm/node-versions"), "installation/bin/node"),
    inVersionFolders(join(home, ".fnm/node-versions"), "installation/bin/node"),
    inVersionFolders(join(home, "Library/Application Support/fnm/node-versions"), "installation/bin/node"),
    inVersionFolders(join(home, ".volta/tools/image/node"), "bin/node"),
    inVersionFolders(join(home, ".asdf/installs/nodejs"), "bin/node"),
    inVersionFolders(join(home, ".local/share/mise/installs/node"), "bin/node"),
    inVersionFolders("/usr/local/n/versions/node", "bin/node"),
  ]);
  const programs = [execPath, ...onPath(path, ["node", "nodejs"])];
  const asked = await Promise.all(
    programs.map((program) => ask(program, ["-p", "process.version + ' ' + process.execPath"])),
  );
  return [...installed.flat(), ...asked.flat()];
}

async function findPythons({ path, home }: InterpreterSearch): Promise<Candidate[]> {
  const installed = await Promise.all([
    inVersionFolders(join(home, ".pyenv/versions"), "bin/python3"),
    inVersionFolders(join(home, ".asdf/installs/python"), "bin/python3"),
    inVersionFolders(join(home, ".local/share/mise/installs/python"), "bin/python3"),
    inVersionFolders(join(home, ".local/share/uv/python"), "bin/python3"),
  ]);
  const names = ["python3", ...Array.from({ length: 8 }, (_, index) => `python3.${8 + index}`)];
  // Shims of version managers are scripts that may lead nowhere, so each program says itself what and where it is.
  const program = "import sys; print('%d.%d %s' % (sys.version_info[0], sys.version_info[1], sys.executable))";
  const asked = await Promise.all(onPath(path, names).map((file) => ask(file, ["-I", "-c", program])));
  return [...installed.flat(), ...asked.flat()];
}

function onPath(path: string, names: readonly string[]): string[] {
  const folders = path.split(":").filter((folder) => folder.startsWith("/") && !folder.includes("/shims"));
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

/** Folders named after versions: `v22.3.0`, `3.12.1`, `cpython-3.12.1-linux-x86_64-gnu`. */
async function inVersionFolders(folder: string, program: string): Promise<Candidate[]> {
  // Without a home folder nothing may be run that happens to lie in the working directory.
  const names = isAbsolute(folder) ? await readdir(folder).catch(() => []) : [];
  return names.flatMap((name) => {
    const version = /^(?:v|cpython-)?(\d+)\.(\d+)/.exec(name);
    return version
      ? [{ path: join(folder, name, program), version: [Number(version[1]), Number(version[2])] as const }]
      : [];
  });
}

/** Asks a program for its version and real path; nothing when it is not there or does not answer. */
async function ask(program: string, args: readonly string[]): Promise<Candidate[]> {
  try {
    await access(program, constants.X_OK);
    const { stdout } = await promisify(execFile)(program, args, { timeout: 5000, env: { PATH: "/usr/bin:/bin" } });
    const answer = /^v?(\d+)\.(\d+)\S* (\/.+)$/m.exec(stdout);
    return answer ? [{ path: answer[3]!, version: [Number(answer[1]), Number(answer[2])] }] : [];
  } catch {
    return [];
  }
}
