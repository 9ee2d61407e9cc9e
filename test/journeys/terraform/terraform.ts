import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "../../harness/clients.ts";

/** The provider's place below a plugin folder: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation */
const provider = "registry.terraform.io/hashicorp/aws";

/** Why the stories cannot be told on this machine, or undefined when they can: see README.md beside this file. */
export const missing: string | undefined = findMissing();

/** A folder with the AWS provider, in Terraform's own mirror layout. */
const pluginFolder: string | undefined = pluginFolders().find((folder) => existsSync(join(folder, provider)));

function pluginFolders(): readonly string[] {
  const { TF_PLUGIN_DIR, TF_PLUGIN_CACHE_DIR, XDG_DATA_HOME, XDG_DATA_DIRS } = process.env;
  return [
    TF_PLUGIN_DIR,
    TF_PLUGIN_CACHE_DIR,
    // Terraform's implied mirror folders: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    join(homedir(), ".terraform.d/plugins"),
    join(homedir(), "Library/Application Support/io.terraform/plugins"),
    join(XDG_DATA_HOME ?? join(homedir(), ".local/share"), "terraform/plugins"),
    ...(XDG_DATA_DIRS ?? `/usr/local/share${delimiter}/usr/share`)
      .split(delimiter)
      .map((folder) => join(folder, "terraform/plugins")),
    "/opt/tf-plugins",
  ].filter((folder) => folder !== undefined && folder !== "") as string[];
}

function findMissing(): string | undefined {
  if (spawnSync("terraform", ["version"]).status !== 0) return "there is no terraform on PATH";
  if (pluginFolders().some((folder) => existsSync(join(folder, provider)))) return undefined;
  return "the provider hashicorp/aws is in none of Terraform's mirror folders nor in TF_PLUGIN_DIR";
}

/** Each command starts the provider anew, more than a second of work; a change takes three of them. */
export const slow = { timeout: 180_000 };

type Variables = Readonly<Record<string, string | number>>;

/** One configuration and its state, applied to one platform. */
export class Workspace {
  readonly folder: string;
  readonly #endpoint: string;

  private constructor(folder: string, endpoint: string) {
    this.folder = folder;
    this.#endpoint = endpoint;
  }

  /** Copies a folder's `.tf` files to a working folder and initialises it. */
  static async open(source: string, folder: string, endpoint: string): Promise<Workspace> {
    await mkdir(folder, { recursive: true });
    const files = readdirSync(source).filter((name) => name.endsWith(".tf"));
    await Promise.all(files.map((name) => copyFile(join(source, name), join(folder, name))));
    const workspace = new Workspace(folder, endpoint);
    await workspace.#succeed("init", `-plugin-dir=${pluginFolder}`);
    return workspace;
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(join(this.folder, name), content);
  }

  apply(variables: Variables = {}): Promise<void> {
    return this.#succeed("apply", "-auto-approve", ...changing, ...given(variables));
  }

  /** What a plan would change: one line a resource, as `aws_iam_user.ann will be updated in-place`. */
  async plan(variables: Variables = {}): Promise<string[]> {
    const { code, said } = await this.#run("plan", "-detailed-exitcode", ...changing, ...given(variables));
    if (code === 0) return [];
    if (code !== 2) throw new Error(`terraform plan ended with ${code}:\n${said}`);
    const changes = [...said.matchAll(/^ {2}# (\S+ (?:will|must) be .*)$/gm)].map((match) => match[1]!);
    return changes.length > 0 ? changes : [said];
  }

  destroy(variables: Variables = {}): Promise<void> {
    return this.#succeed("destroy", "-auto-approve", ...changing, ...given(variables));
  }

  /** The addresses of everything in the state. */
  async state(): Promise<string[]> {
    const { code, said } = await this.#run("state", "list");
    if (code !== 0) throw new Error(said);
    return said.split("\n").filter((line) => line !== "");
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { said } = await this.#run("output", "-json");
    const outputs = JSON.parse(said) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  async #succeed(...args: readonly string[]): Promise<void> {
    const { code, said } = await this.#run(...args);
    if (code !== 0) throw new Error(`terraform ${args[0]} ended with ${code}:\n${said}`);
  }

  async #run(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await run(
      this.#endpoint,
      "terraform",
      [`-chdir=${this.folder}`, ...args],
      undefined,
      {
        ...withoutSettings,
        TF_IN_AUTOMATION: "1",
        TF_INPUT: "0",
        TF_CLI_ARGS: "-no-color",
        CHECKPOINT_DISABLE: "1",
        // A quarter less work: the provider is large, and collects garbage all its short life.
        GOGC: "400",
      },
    );
    return { code, said: stdout + stderr };
  }
}

/** Terraform's own settings of the person who runs the tests have no say. */
const withoutSettings = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith("TF_"))
    .map((name) => [name, undefined]),
);

const changing = ["-parallelism=20", "-compact-warnings", "-lock=false"];

function given(variables: Variables): string[] {
  return Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
}
