import type { Tag } from "../../../api/dynamodb/types.ts";
import { invalidParameter, validationException } from "../refusals.ts";

const maxTags = 50;

/** Tags by key. @throws ValidationException for keys that are reserved or given twice, and for too many */
export function readTags(tags: readonly Tag[]): Map<string, string> {
  const read = new Map<string, string>();
  for (const { Key: key, Value: value } of tags) {
    if (read.has(key)) throw validationException(`Duplicate tag key found in the request: ${key}`);
    if (key.toLowerCase().startsWith("aws:")) {
      throw invalidParameter("Tag keys starting with 'aws:' are reserved for system use");
    }
    read.set(key, value);
  }
  requireTagCount(read.size);
  return read;
}

export function requireTagCount(count: number): void {
  if (count > maxTags) throw validationException(`The resource cannot have more than ${maxTags} tags`);
}
