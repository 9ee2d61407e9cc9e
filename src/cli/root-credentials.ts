import { mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Ids } from "../base/ids.ts";
import { UsageError } from "./options.ts";

export interface RootCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The root access key of a platform with `--auth strict`: read from the file, or made and written there the first time.
 * The file has the form of an AWS credentials file, so that `AWS_SHARED_CREDENTIALS_FILE` can name it, and only its
 * owner can read it.
 */
export async function rootCredentials(file: string, ids: Ids): Promise<RootCredentials> {
  const present = await readIfPresent(file);
  if (present !== undefined) {
    const credentials = parse(present);
    if (!credentials)
      throw new UsageError(`${file} holds no access key. Restore it, or remove it to have a new key made.`);
    if (process.platform !== "win32" && ((await stat(file)).mode & 0o077) !== 0) {
      throw new UsageError(
        `${file} can be read by others than its owner. Run \`chmod 600 ${file}\`, and consider its key known.`,
      );
    }
    return credentials;
  }
  const credentials = {
    accessKeyId: `AKIA${ids.base32(16)}`,
    secretAccessKey: Buffer.from(ids.bytes(30)).toString("base64"),
  };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // "wx": of two first starts one fails instead of overwriting the other's key.
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(
      `[default]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\n`,
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
  return credentials;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): RootCredentials | undefined {
  const value = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, "m").exec(text)?.[1];
  const accessKeyId = value("aws_access_key_id");
  const secretAccessKey = value("aws_secret_access_key");
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
