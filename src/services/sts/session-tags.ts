import type { Tag } from "../../api/sts/types.ts";
import type { SessionFacts } from "../../kernel/principal.ts";
import { validationError } from "./refusals.ts";

export interface SessionTags {
  readonly tags: Readonly<Record<string, string>>;
  /** Keys that pass on to the sessions made from this one. */
  readonly transitive: readonly string[];
}

/**
 * The tags of a new session: those of the request, and the transitive ones of the session that asks, which nobody can
 * set anew.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function readSessionTags(
  given: readonly Tag[] | undefined,
  transitiveKeys: readonly string[] | undefined,
  from: SessionFacts | undefined,
): SessionTags {
  const inherited = (from?.transitiveTagKeys ?? []).map((key) => [key, from!.tags[key]!] as const);
  const seen = new Set<string>();
  for (const { Key } of given ?? []) {
    const folded = Key.toLowerCase();
    if (folded.startsWith("aws:"))
      throw validationError(`Tag keys that start with aws: are reserved for system use: ${Key}`);
    if (seen.has(folded)) {
      throw validationError("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    if (inherited.some(([key]) => key.toLowerCase() === folded)) {
      throw validationError(`One or more of the specified tags are transitive from the calling session: ${Key}`);
    }
    seen.add(folded);
  }
  for (const key of transitiveKeys ?? []) {
    if (!seen.has(key.toLowerCase())) {
      throw validationError("The specified transitive tag key must be included in the requested tags.");
    }
  }
  const own = (given ?? []).map(({ Key, Value }) => [Key, Value] as const);
  const passedOn = new Set((transitiveKeys ?? []).map((key) => key.toLowerCase()));
  return {
    tags: Object.fromEntries([...inherited, ...own]),
    transitive: [
      ...inherited.map(([key]) => key),
      ...own.map(([key]) => key).filter((key) => passedOn.has(key.toLowerCase())),
    ],
  };
}
