import type { PrincipalElement, PrincipalEntry } from "./policy.ts";

/** Who asks, as far as a policy can tell callers apart. */
export type Caller =
  | { readonly kind: "root"; readonly account: string }
  | { readonly kind: "user"; readonly account: string; readonly arn: string; readonly userId?: string }
  | {
      readonly kind: "assumed-role";
      readonly account: string;
      /** Of the session: `arn:aws:sts::111122223333:assumed-role/name/session` */
      readonly arn: string;
      readonly roleArn: string;
      readonly roleId?: string;
    }
  | {
      readonly kind: "federated-user";
      readonly account: string;
      readonly arn: string;
      /** The user who asked for the session. */
      readonly issuer?: { readonly arn: string };
    }
  /** Somebody that an identity provider vouches for: `cognito-identity.amazonaws.com`, an OIDC or SAML provider's ARN. */
  | { readonly kind: "web-identity"; readonly provider: string }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "anonymous" };

/**
 * How closely a Principal element names the caller, which decides what else may limit the grant:
 * the caller itself (nothing), the role or user behind a session (boundary and session policies), or only its account
 * (which delegates: identity policies must allow too).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export type Closeness = "none" | "account" | "behind" | "itself";

const rank: Record<Closeness, number> = { none: 0, account: 1, behind: 2, itself: 3 };

export function closer(a: Closeness, b: Closeness): Closeness {
  return rank[a] >= rank[b] ? a : b;
}

/** How a Principal or NotPrincipal element applies to the caller; no element applies to everybody. */
export function matchPrincipal(element: PrincipalElement | undefined, caller: Caller): Closeness {
  if (!element) return "itself";
  const named = element.entries.reduce<Closeness>((best, entry) => closer(best, closenessOf(entry, caller)), "none");
  if (!element.negated) return named;
  return named === "none" ? "itself" : "none";
}

function closenessOf({ type, value }: PrincipalEntry, caller: Caller): Closeness {
  switch (type) {
    case "AWS":
      return value === "*" ? "itself" : closenessOfIdentity(value, caller);
    case "Service":
      return caller.kind === "service" && (value === "*" || value.toLowerCase() === caller.service.toLowerCase())
        ? "itself"
        : "none";
    case "Federated":
      return caller.kind === "web-identity" && (value === "*" || value === caller.provider) ? "itself" : "none";
    case "CanonicalUser":
      return "none";
  }
}

function closenessOfIdentity(value: string, caller: Caller): Closeness {
  switch (caller.kind) {
    case "root":
      return isAccount(value, caller.account) ? "itself" : "none";
    case "user":
      if (value === caller.arn || value === caller.userId) return "itself";
      break;
    case "assumed-role":
      if (value === caller.arn) return "itself";
      if (value === caller.roleArn || value === caller.roleId) return "behind";
      break;
    case "federated-user":
      if (value === caller.arn) return "itself";
      if (value === caller.issuer?.arn) return "behind";
      break;
    case "web-identity":
    case "service":
    case "anonymous":
      return "none";
  }
  return isAccount(value, caller.account) ? "account" : "none";
}

function isAccount(value: string, account: string): boolean {
  return value === account || (value.endsWith(`:iam::${account}:root`) && /^arn:[a-z-]+:iam::\d+:root$/.test(value));
}
