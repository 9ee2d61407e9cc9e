import { accessDenied, invalidToken } from "./access-denied.ts";
import type { AuthorizationCall, Authorize } from "./dispatch.ts";
import type { IdentityProvider, PrincipalPolicies } from "./identity.ts";
import type { Principal } from "./principal.ts";
import { requestContext } from "./request-context.ts";
import type { Access } from "./service.ts";

/** The policy language, as far as this stage needs it; `platform.ts` passes it in. */
export interface PolicyEvaluator {
  evaluate(
    request: {
      readonly caller: Principal;
      readonly action: string;
      readonly resource: string;
      readonly resourceAccount: string;
      /** Condition keys by lower-case name. */
      readonly context: (key: string) => string | readonly string[] | undefined;
    },
    texts: {
      readonly identity?: readonly string[];
      readonly resource?: string;
      readonly boundary?: string;
      readonly session?: readonly string[];
    },
  ): { readonly allowed: boolean; readonly reason: string };
}

/**
 * Rights that parts of the platform have without any policy, because on AWS no policy stands between these parts either.
 * Everything else that a service does on somebody's behalf needs a policy that names the service.
 */
const internalGrants: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // AssumeRole reads the role (trust policy, longest session) and the managed policies given for the session.
  ["sts.amazonaws.com", new Set(["iam:GetRole", "iam:GetPolicy", "iam:GetPolicyVersion"])],
]);

/** What a role's trust policy decides. Not even root gets past it. */
const trustActions: ReadonlySet<string> = new Set(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);

/** The stage of a request's life that asks whether the principal may. */
export function createAuthorizer(policies: PolicyEvaluator, identity: IdentityProvider): Authorize {
  async function decide(call: AuthorizationCall): Promise<void> {
    const { principal } = call;
    checkSession(call);
    const own = await findOwnPolicies(principal, identity);
    if (own === "gone") throw invalidToken(call);
    for (const given of call.accesses) {
      const access = call.resolveAccess ? await call.resolveAccess(given) : given;
      const action = access.action ?? call.action;
      const resource = access.resource === "*" ? undefined : await call.resourcePolicyOf?.(access.resource);
      const answer = policies.evaluate(
        {
          caller: principal,
          action,
          resource: access.resource,
          resourceAccount: ownerOf(access.resource) ?? call.account,
          context: requestContext(call, access, own?.tags),
        },
        {
          ...(own && { identity: own.identity }),
          ...(own?.boundary !== undefined && { boundary: own.boundary }),
          ...sessionPolicies(principal),
          ...(resource !== undefined && { resource }),
        },
      );
      if (!answer.allowed) throw accessDenied(call, action, access.resource, answer.reason);
    }
  }

  return (call) => {
    const { principal } = call;
    if (principal.kind === "root" && call.accesses.every((access) => rootMay(principal.account, call, access))) return;
    if (principal.kind === "service") {
      const granted = internalGrants.get(principal.service);
      if (granted && call.accesses.every(({ action }) => granted.has(action ?? call.action))) return;
    }
    return decide(call);
  };
}

function rootMay(account: string, call: AuthorizationCall, { resource, action }: Access): boolean {
  return (ownerOf(resource) ?? call.account) === account && !trustActions.has(action ?? call.action);
}

/**
 * The account in an ARN, found without taking the ARN apart: this runs for every access of every call. Undefined where
 * the ARN names none, and for what AWS shares with every account (`arn:aws:iam::aws:policy/…`).
 */
function ownerOf(arn: string): string | undefined {
  let start = 0;
  for (let colons = 0; colons < 4; colons++) {
    start = arn.indexOf(":", start) + 1;
    if (start === 0) return undefined;
  }
  return arn.indexOf(":", start) === start + 12 ? arn.slice(start, start + 12) : undefined;
}

/** Undefined for principals that no identity policy limits: root, its federated users, services, anonymous callers. */
async function findOwnPolicies(
  principal: Principal,
  identity: IdentityProvider,
): Promise<PrincipalPolicies | "gone" | undefined> {
  switch (principal.kind) {
    case "user":
    case "assumed-role":
      return (await identity.findPolicies(principal)) ?? "gone";
    case "federated-user":
      return principal.issuer ? ((await identity.findPolicies(principal)) ?? "gone") : undefined;
    case "root":
    case "service":
    case "anonymous":
      return undefined;
  }
}

/**
 * Sessions that a user makes of itself, or for somebody it vouches for, cannot call IAM, and federated users nothing of
 * STS but GetCallerIdentity, whatever policies say.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
function checkSession(call: AuthorizationCall): void {
  const { principal, service } = call;
  const federated = principal.kind === "federated-user";
  const withoutMfa = principal.kind === "user" && principal.session !== undefined && principal.session.mfa !== true;
  if ((service === "iam" && (federated || withoutMfa)) || (service === "sts" && federated)) throw invalidToken(call);
}

function sessionPolicies(principal: Principal): { readonly session?: readonly string[] } {
  // A federated user given no policy may do nothing of its own accord; a role's session given none is as strong as the role.
  if (principal.kind === "federated-user") return { session: principal.session.policies };
  if (principal.kind !== "assumed-role" && principal.kind !== "user") return {};
  const given = principal.session?.policies ?? [];
  return given.length > 0 ? { session: given } : {};
}
