import { InvalidInputException, LimitExceededException } from "../../api/iam/errors.ts";
import type { Tag } from "../../api/iam/types.ts";
import type { TagRow } from "./state.ts";

const maximumTags = 50;

/** Checks tags of a request. Keys are unique without regard to case. */
export function readTags(tags: readonly Tag[] | undefined): readonly TagRow[] {
  const seen = new Set<string>();
  return (tags ?? []).map(({ Key, Value }) => {
    if (/^aws:/i.test(Key)) {
      throw new InvalidInputException({ message: `Tag keys that start with aws: are reserved for system use: ${Key}` });
    }
    const folded = Key.toLowerCase();
    if (seen.has(folded)) {
      const message = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
      throw new InvalidInputException({ message });
    }
    seen.add(folded);
    return { key: Key, value: Value };
  });
}

/** Tags with others set over them. */
export function addTags(present: readonly TagRow[], added: readonly TagRow[]): readonly TagRow[] {
  const replaced = new Set(added.map(({ key }) => key.toLowerCase()));
  const tags = [...present.filter(({ key }) => !replaced.has(key.toLowerCase())), ...added];
  if (tags.length > maximumTags) {
    throw new LimitExceededException({ message: "The number of tags has reached the maximum limit." });
  }
  return tags;
}

export function removeTags(present: readonly TagRow[], keys: readonly string[]): readonly TagRow[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return present.filter(({ key }) => !removed.has(key.toLowerCase()));
}

export function describeTags(tags: readonly TagRow[]): Tag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Conditions of a request that brings tags. */
export function tagConditions(tags: readonly Tag[] | undefined): Readonly<Record<string, string | readonly string[]>> {
  if (!tags) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    "aws:TagKeys": tags.map(({ Key }) => Key),
  };
}
