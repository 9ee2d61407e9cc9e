import type { Ids } from "../base/ids.ts";

const blobIdForm = /^[0-9a-f]{32}$/;

/** A new blob's id: 128 random bits, 32 hex digits. */
export function newBlobId(ids: Ids): string {
  return ids.hex(32);
}

/** Whether the text has a blob id's form: nothing else ever becomes part of a path. */
export function isBlobId(text: string): boolean {
  return blobIdForm.test(text);
}

/** Unnamed blobs younger than this are kept: the record that names them may still be on its way. */
export const defaultGraceMs = 60 * 60 * 1000;
