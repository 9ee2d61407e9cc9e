import { closer, type Closeness } from "./caller.ts";
import type { Policy, PolicyRequest } from "./compile-policy.ts";
import type { Statement } from "./policy.ts";

/** The policies that bear on a request. What is absent does not limit it; an empty list allows nothing. */
export interface PolicySets {
  /** Of the user or role. Absent for the root of an account, who needs none. */
  readonly identity?: readonly Policy[];
  /** Attached to the resource; for sts:AssumeRole the role's trust policy. */
  readonly resource?: Policy;
  readonly boundary?: Policy;
  readonly session?: readonly Policy[];
  readonly scp?: readonly Policy[];
}

export type PolicyType = "identity" | "resource" | "trust" | "boundary" | "session" | "scp";

export type Decision =
  | { readonly allowed: true; readonly statement?: Statement }
  | {
      readonly allowed: false;
      /** Denied by a statement, rather than by the want of one that allows. */
      readonly explicit: boolean;
      /** The kind of policy that decided. */
      readonly policyType: PolicyType;
      readonly statement?: Statement;
    };

/** What one set of policies says. */
interface Outcome {
  readonly denial?: Statement;
  readonly grant?: Statement;
  /** How closely the grant names the caller. */
  readonly closeness: Closeness;
}

/**
 * AWS's evaluation logic: an explicit deny anywhere ends it; then every kind of policy that applies must allow, except
 * that within one account a resource policy can grant by itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: PolicyRequest, policies: PolicySets): Decision {
  const resource = ask(policies.resource && [withPrincipals(policies.resource)], request);
  const outcomes: Record<Exclude<PolicyType, "trust">, Outcome | undefined> = {
    scp: ask(policies.scp, request),
    identity: ask(policies.identity, request),
    resource,
    boundary: ask(policies.boundary && [policies.boundary], request),
    session: ask(policies.session, request),
  };
  for (const kind of ["scp", "identity", "resource", "boundary", "session"] as const) {
    const denial = outcomes[kind]?.denial;
    if (denial) return { allowed: false, explicit: true, policyType: nameOf(kind, request), statement: denial };
  }
  for (const kind of requiredKinds(request, resource?.closeness ?? "none")) {
    const outcome = outcomes[kind];
    // Only a resource policy can be needed and not there: the others, when absent, do not limit.
    if (kind === "resource" ? !resource?.grant : outcome && !outcome.grant) {
      return { allowed: false, explicit: false, policyType: nameOf(kind, request) };
    }
  }
  const statement = outcomes.identity?.grant ?? resource?.grant;
  return { allowed: true, ...(statement && { statement }) };
}

/** A statement of a resource policy that names nobody grants nobody anything. */
function withPrincipals(policy: Policy): Pick<Policy, "statements"> {
  if (policy.statements.every(({ statement }) => statement.principal)) return policy;
  return {
    statements: policy.statements.filter(({ statement }) => statement.principal ?? statement.effect === "Deny"),
  };
}

/** The kinds of policy that must allow, in the order in which AWS asks them. */
function requiredKinds(request: PolicyRequest, granted: Closeness): readonly Exclude<PolicyType, "trust">[] {
  const { caller } = request;
  if (caller.kind === "service" || caller.kind === "anonymous" || caller.kind === "web-identity") return ["resource"];
  const limits = ["identity", "boundary", "session"] as const;
  if (caller.account !== request.resourceAccount) return ["scp", ...limits, "resource"];
  // A role says itself who may assume it: its trust policy has to allow, in the same account too.
  if (isTrust(request) && (granted === "none" || granted === "account")) return ["scp", "resource", ...limits];
  if (granted === "itself") return ["scp"];
  if (granted === "behind") return ["scp", "boundary", "session"];
  return ["scp", ...limits];
}

function ask(policies: readonly Pick<Policy, "statements">[] | undefined, request: PolicyRequest): Outcome | undefined {
  if (!policies) return undefined;
  let grant: Statement | undefined;
  let closeness: Closeness = "none";
  for (const policy of policies) {
    for (const { statement, match } of policy.statements) {
      const found = match(request);
      if (found === "none") continue;
      if (statement.effect === "Deny") return { denial: statement, closeness: "none" };
      grant ??= statement;
      closeness = closer(closeness, found);
    }
  }
  return { closeness, ...(grant && { grant }) };
}

/** Actions on a role whose resource policy is its trust policy. */
const trustActions = new Set([
  "sts:assumerole",
  "sts:assumerolewithwebidentity",
  "sts:assumerolewithsaml",
  "sts:tagsession",
  "sts:setsourceidentity",
  "sts:setcontext",
]);

function isTrust(request: PolicyRequest): boolean {
  return trustActions.has(request.action.toLowerCase());
}

function nameOf(kind: Exclude<PolicyType, "trust">, request: PolicyRequest): PolicyType {
  return kind === "resource" && isTrust(request) ? "trust" : kind;
}

/**
 * The end of AWS's access-denied message: `because no identity-based policy allows the s3:GetObject action`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function explainDenial(decision: Extract<Decision, { allowed: false }>, action: string): string {
  const [article, name] = names[decision.policyType];
  return decision.explicit
    ? `with an explicit deny in ${article} ${name}`
    : `because no ${name} allows the ${action} action`;
}

const names: Record<PolicyType, readonly [article: string, name: string]> = {
  identity: ["an", "identity-based policy"],
  resource: ["a", "resource-based policy"],
  trust: ["the", "role trust policy"],
  boundary: ["a", "permissions boundary"],
  session: ["a", "session policy"],
  scp: ["a", "service control policy"],
};
