import { MalformedPolicyDocumentException, PackedPolicyTooLargeException } from "../../api/sts/errors.ts";
import type { PolicyDescriptorType } from "../../api/sts/types.ts";
import type { ServiceContext } from "../../kernel/context.ts";
import { parsePolicy } from "../../languages/iam-policy/parse-policy.ts";
import { PolicyError } from "../../languages/iam-policy/policy.ts";
import { validationError } from "./refusals.ts";
import { findManagedDocument } from "./role.ts";

const maximumArns = 10;
const maximumCharacters = 2048;

export interface SessionPolicies {
  readonly documents: readonly string[];
  /** Characters that count towards what a session token can carry. */
  readonly size: number;
}

/**
 * The policies that come with a request for a session: one inline, and managed ones of the account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export async function readSessionPolicies(
  ctx: ServiceContext,
  account: string,
  request: { readonly Policy?: string | undefined; readonly PolicyArns?: PolicyDescriptorType[] | undefined },
): Promise<SessionPolicies> {
  const arns = (request.PolicyArns ?? []).map(({ arn }) => arn ?? "");
  if (arns.length > maximumArns) {
    throw validationError(`The number of managed policies exceeds the limit of ${maximumArns}.`);
  }
  const size = (request.Policy?.length ?? 0) + arns.join("").length;
  if ((request.Policy?.length ?? 0) > maximumCharacters) {
    throw new PackedPolicyTooLargeException({ message: "Packed policy consumes more than 100% of allotted space." });
  }
  const documents: string[] = [];
  if (request.Policy !== undefined) {
    const parsed = parsePolicy(request.Policy, "session");
    if (parsed instanceof PolicyError) throw new MalformedPolicyDocumentException({ message: parsed.message });
    documents.push(request.Policy);
  }
  for (const arn of arns) {
    const document = await findManagedDocument(ctx, account, arn);
    if (document === undefined) throw validationError(`The policy ${arn} does not exist or is not attachable.`);
    documents.push(document);
  }
  return { documents, size };
}

/** Percentage of what AWS packs into a token. AWS compresses in a way it does not tell; this is the uncompressed share. */
export function packedSize(policies: SessionPolicies, tags: Readonly<Record<string, string>>): number | undefined {
  const size = policies.size + Object.entries(tags).flat().join("").length;
  return size === 0 ? undefined : Math.min(100, Math.ceil((size / (maximumCharacters * 2)) * 100));
}
