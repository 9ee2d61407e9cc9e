import type { AuthorizationCall } from "./dispatch.ts";
import type { Principal, SessionFacts } from "./principal.ts";
import type { Access } from "./service.ts";

type ContextValue = string | readonly string[];

/**
 * The condition keys of a call, looked up by lower-case name and computed when a policy asks.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestContext(
  call: AuthorizationCall,
  access: Access,
  principalTags: Readonly<Record<string, string>> | undefined,
): (key: string) => ContextValue | undefined {
  let given: ReadonlyMap<string, ContextValue> | undefined;
  let tags: ReadonlyMap<string, string> | undefined;
  return (key) => {
    if (key.startsWith("aws:principaltag/")) {
      tags ??= lowerKeys({ ...principalTags, ...sessionOf(call.principal)?.tags });
      return tags.get(key.slice("aws:principaltag/".length));
    }
    const global = globalKeys.get(key);
    if (global) return global(call);
    given ??= lowerKeys(access.conditions ?? {});
    return given.get(key);
  };
}

function lowerKeys<Value>(record: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}

const globalKeys: ReadonlyMap<string, (call: AuthorizationCall) => ContextValue | undefined> = new Map(
  Object.entries<(call: AuthorizationCall) => ContextValue | undefined>({
    "aws:principalarn": ({ principal }) => principalArn(principal),
    "aws:principalaccount": ({ principal }) => ("account" in principal ? principal.account : undefined),
    "aws:principaltype": ({ principal }) => principalTypes[principal.kind],
    "aws:principalisawsservice": ({ principal }) => String(principal.kind === "service"),
    "aws:principalservicename": ({ principal }) => (principal.kind === "service" ? principal.service : undefined),
    "aws:userid": ({ principal }) => userId(principal),
    "aws:username": ({ principal }) => (principal.kind === "user" ? principal.userName : undefined),
    "aws:sourceidentity": ({ principal }) => sessionOf(principal)?.sourceIdentity,
    "aws:tokenissuetime": ({ principal }) => {
      const session = sessionOf(principal);
      return session && isoSeconds(session.issuedAt);
    },
    // Present for temporary credentials only: long-term keys carry no word of MFA.
    "aws:multifactorauthpresent": ({ principal }) => {
      const session = sessionOf(principal);
      return session && String(session.mfa === true);
    },
    "aws:sourcearn": ({ principal }) => (principal.kind === "service" ? principal.sourceArn : undefined),
    "aws:sourceaccount": ({ principal }) => (principal.kind === "service" ? principal.sourceAccount : undefined),
    "aws:viaawsservice": () => "false",
    // A service calling on its own account has no address.
    "aws:sourceip": ({ sourceIp }) => (/^[0-9a-f.:]+$/i.test(sourceIp) ? sourceIp : undefined),
    "aws:useragent": ({ userAgent }) => userAgent,
    "aws:currenttime": ({ now }) => isoSeconds(now),
    "aws:epochtime": ({ now }) => String(Math.floor(now / 1000)),
    "aws:securetransport": ({ secure }) => String(secure),
    "aws:requestedregion": ({ region }) => region,
  }),
);

const principalTypes: Record<Principal["kind"], string | undefined> = {
  root: "Account",
  user: "User",
  "assumed-role": "AssumedRole",
  "federated-user": "FederatedUser",
  anonymous: "Anonymous",
  service: undefined,
};

/** The IAM entity: of a role's session the role. */
function principalArn(principal: Principal): string | undefined {
  switch (principal.kind) {
    case "root":
      return `arn:aws:iam::${principal.account}:root`;
    case "user":
    case "federated-user":
      return principal.arn;
    case "assumed-role":
      return principal.roleArn;
    case "service":
    case "anonymous":
      return undefined;
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function userId(principal: Principal): string | undefined {
  switch (principal.kind) {
    case "root":
      return principal.account;
    case "user":
      return principal.userId;
    case "assumed-role":
      return `${principal.roleId}:${principal.sessionName}`;
    case "federated-user":
      return `${principal.account}:${principal.name}`;
    case "anonymous":
      return "anonymous";
    case "service":
      return undefined;
  }
}

function sessionOf(principal: Principal): SessionFacts | undefined {
  return "session" in principal ? principal.session : undefined;
}

function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
