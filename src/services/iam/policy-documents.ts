import { LimitExceededException, MalformedPolicyDocumentException } from "../../api/iam/errors.ts";
import { parsePolicy, type PolicyKind } from "../../languages/iam-policy/parse-policy.ts";
import { PolicyError } from "../../languages/iam-policy/policy.ts";

/** Refuses a text that is no policy of this kind. */
export function checkPolicyDocument(text: string, kind: PolicyKind): void {
  const parsed = parsePolicy(text, kind);
  if (parsed instanceof PolicyError) throw new MalformedPolicyDocumentException({ message: parsed.message });
}

/**
 * Characters that count towards a quota: IAM leaves white space out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function countedSize(text: string): number {
  return text.replace(/\s/g, "").length;
}

export function checkPolicySize(text: string, limit: number, quota: "PolicySize" | "ACLSizePerRole"): void {
  if (countedSize(text) > limit)
    throw new LimitExceededException({ message: `Cannot exceed quota for ${quota}: ${limit}` });
}

const inlineLimits = { user: 2048, role: 10_240 } as const;

/** All inline policies of a user or role together. */
export function checkInlineSize(kind: "user" | "role", name: string, documents: readonly string[]): void {
  const limit = inlineLimits[kind];
  if (documents.reduce((sum, text) => sum + countedSize(text), 0) <= limit) return;
  throw new LimitExceededException({ message: `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}` });
}

/** How IAM answers policy documents: percent-encoded by RFC 3986. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
