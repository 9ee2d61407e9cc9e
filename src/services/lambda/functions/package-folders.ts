import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from "yauzl";

/** Limits of a package: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxZippedBytes = 52_428_800;
export const maxUnzippedBytes = 262_144_000;
/** AWS names no limit; this one keeps a hostile archive from filling the file system with empty files. */
const maxEntries = 100_000;

/** The package cannot be used; the message is AWS's where AWS has one. */
export class PackageError extends Error {
  override readonly name = "PackageError";
}

/** Unpacked packages, one folder each, shared by all environments that run them. A cache: it may be emptied at any start. */
export class PackageFolders {
  readonly #directory: string;
  readonly #folders = new Map<string, Promise<string>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The folder with the package's files; unpacked at first use. `key` is the package's blob id. @throws {PackageError} */
  open(key: string, zipFile: () => Promise<string>): Promise<string> {
    let folder = this.#folders.get(key);
    if (!folder) {
      folder = this.#unpack(key, [zipFile]);
      this.#folders.set(key, folder);
      folder.catch(() => this.#folders.delete(key));
    }
    return folder;
  }

  /** One folder with the files of several packages; a later one covers an earlier one. @throws {PackageError} */
  openMerged(packages: readonly { readonly key: string; readonly zipFile: () => Promise<string> }[]): Promise<string> {
    const key = `merged-${createHash("sha256")
      .update(JSON.stringify(packages.map((one) => one.key)))
      .digest("hex")}`;
    let folder = this.#folders.get(key);
    if (!folder) {
      folder = this.#unpack(
        key,
        packages.map((one) => one.zipFile),
      );
      this.#folders.set(key, folder);
      folder.catch(() => this.#folders.delete(key));
    }
    return folder;
  }

  async drop(key: string): Promise<void> {
    const folder = this.#folders.get(key);
    this.#folders.delete(key);
    await folder?.catch(() => {});
    await rm(join(this.#directory, key), { recursive: true, force: true });
  }

  async #unpack(key: string, zipFiles: readonly (() => Promise<string>)[]): Promise<string> {
    const folder = join(this.#directory, key);
    const unfinished = `${folder}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    try {
      for (const zipFile of zipFiles) await unzip(await zipFile(), unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
    return folder;
  }
}

/** Unpacks an archive. Names stay inside the folder, links are refused, sizes are bounded, Unix modes are kept. */
async function unzip(file: string, folder: string): Promise<void> {
  let zip: ZipFile;
  try {
    zip = await openPromise(file, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
  } catch {
    throw new PackageError("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  try {
    let left = maxUnzippedBytes;
    let entries = 0;
    for await (const entry of zip.eachEntry()) {
      left -= entry.uncompressedSize;
      if (left < 0) throw new PackageError(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
      if (++entries > maxEntries) throw new PackageError(`The package holds more than ${maxEntries} files.`);
      await unpackEntry(zip, entry, folder);
    }
  } catch (error) {
    if (error instanceof PackageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && clashes.has(code)) throw new PackageError(`The package cannot be unpacked: ${code}`);
    if (code !== undefined) throw error;
    throw new PackageError(`Could not unzip uploaded file: ${(error as Error).message}`);
  } finally {
    zip.close();
  }
}

/** A name is a file in one place and a folder in another. */
const clashes: ReadonlySet<string> = new Set(["EEXIST", "EISDIR", "ENOTDIR"]);

const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const folderType = 0o040000;

async function unpackEntry(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const target = resolve(folder, entry.fileName);
  if (target !== folder && !target.startsWith(folder + sep)) {
    throw new PackageError(`The package holds a path that leads outside it: ${entry.fileName}`);
  }
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & fileTypeMask;
  if (entry.fileName.endsWith("/") || type === folderType) {
    await mkdir(target, { recursive: true });
    return;
  }
  if (type !== 0 && type !== regularFile) {
    throw new PackageError(`The package holds something that is neither a file nor a folder: ${entry.fileName}`);
  }
  if (entry.isEncrypted()) throw new PackageError("The package is encrypted.");
  await mkdir(dirname(target), { recursive: true });
  // The same name in an earlier layer may be read-only.
  await rm(target, { force: true });
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { flags: "w" }));
  // Archives made on Windows carry no modes; everything is then readable and runnable, as on AWS.
  await chmod(target, type === 0 ? 0o755 : (mode & 0o777) | 0o444);
}

/** Refuses what is no package before it is stored. */
export function checkZip(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw new PackageError("Uploaded file must be a non-empty zip");
  // An archive begins with a local file header, or with the end record when it is empty.
  const signature = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(4, bytes.byteLength)).toString("latin1");
  if (signature === "PK\u0005\u0006") throw new PackageError("Uploaded file must be a non-empty zip");
  if (signature !== "PK\u0003\u0004") {
    throw new PackageError("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
}

/** Bytes of an archive's files, as its directory tells them; what lies is found out when it is unpacked. @throws {PackageError} */
export async function measureZip(bytes: Uint8Array): Promise<number> {
  checkZip(bytes);
  let zip: ZipFile;
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    zip = await fromBufferPromise(buffer, { lazyEntries: true, decodeStrings: false });
  } catch {
    throw new PackageError("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  let size = 0;
  let entries = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      size += entry.uncompressedSize;
      if (++entries > maxEntries) throw new PackageError(`The package holds more than ${maxEntries} files.`);
    }
  } catch (error) {
    if (error instanceof PackageError) throw error;
    throw new PackageError("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  if (size > maxUnzippedBytes) {
    throw new PackageError(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
  }
  return size;
}
