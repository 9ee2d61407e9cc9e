import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** The version of everything that lies in a data directory: key and row forms, blobs, jobs. */
export const dataFormat = 1;

/** The data directory cannot be used; the message says why and what to do. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

/**
 * Creates the directory, for its owner only, or checks that this version of Virga can read what is in it.
 * @throws {DataDirectoryError} when a newer version has written it
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  const created = await createDirectory(directory);
  if (created) await syncDirectory(dirname(resolve(created)));
  const found = await readFormat(directory);
  if (found === dataFormat) return;
  if (found !== undefined) throw new DataDirectoryError(describeMismatch(directory, found));
  await writeDurably(join(directory, "FORMAT"), `${dataFormat}\n`);
}

/**
 * Creates a directory and its parents, and answers the first that was created. Node's own `recursive` turns in circles
 * where a file system refuses new directories with ENOENT, as /proc does.
 */
async function createDirectory(directory: string): Promise<string | undefined> {
  const create = () => mkdir(directory, { mode: 0o700 });
  try {
    await create();
    return directory;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(resolve(directory));
    if (code === "EEXIST") return undefined;
    if (code !== "ENOENT" || parent === resolve(directory)) throw error;
    const created = await createDirectory(parent);
    await create();
    return created ?? directory;
  }
}

/** Records which process uses the directory, for the message that the next one shows. The lock itself is the engine's. */
export async function nameOwner(directory: string): Promise<void> {
  await writeFile(join(directory, "PROCESS"), `${process.pid}\n`, { mode: 0o600 });
}

export async function inUseError(directory: string, cause: unknown): Promise<DataDirectoryError> {
  const owner = (await readFile(join(directory, "PROCESS"), "utf8").catch(() => "")).trim();
  const by = /^\d+$/.test(owner) ? `process ${owner}` : "another process";
  return new DataDirectoryError(
    `The data directory ${directory} is in use by ${by}. Stop it, or choose another directory with --data-dir.`,
    { cause },
  );
}

/** Makes the names in a directory durable: what was created, renamed or removed in it. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readFormat(directory: string): Promise<number | undefined> {
  const file = join(directory, "FORMAT");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (/^\d{1,9}\n?$/.test(text)) return Number(text);
  throw new DataDirectoryError(
    `The file ${file} holds no format version, so ${directory} may be no data directory of Virga, or is damaged. ` +
      "Choose another directory with --data-dir.",
  );
}

function describeMismatch(directory: string, found: number): string {
  if (found > dataFormat) {
    return (
      `The data directory ${directory} has format ${found}; this version of Virga reads format ${dataFormat}. ` +
      "Start the newer version that wrote it, or choose another directory with --data-dir."
    );
  }
  return (
    `The data directory ${directory} has format ${found}, which this version of Virga (format ${dataFormat}) no longer reads. ` +
    "Choose another directory with --data-dir."
  );
}

async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncDirectory(dirname(file));
}
