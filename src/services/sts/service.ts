import type { STSApi } from "../../api/sts/types.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { forgetSession } from "./jobs/forget-session.ts";
import { assumeRole, assumeRoleAccess } from "./operations/assume-role.ts";
import { getAccessKeyInfo } from "./operations/get-access-key-info.ts";
import { getCallerIdentity } from "./operations/get-caller-identity.ts";
import { getFederationToken, getFederationTokenAccess } from "./operations/get-federation-token.ts";
import { getSessionToken } from "./operations/get-session-token.ts";
import { findTrustPolicy } from "./role.ts";

/** AWS Security Token Service. Regional endpoints, one state. */
export const stsService: ServiceDefinition<STSApi> = {
  name: "sts",
  iamPrefix: "sts",
  scope: "regional",
  operations: {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  },
  jobs: [forgetSession],
  open: ["GetCallerIdentity", "GetSessionToken"],
  access: {
    AssumeRole: assumeRoleAccess,
    GetFederationToken: getFederationTokenAccess,
  },
  // For sts:AssumeRole the resource is the role, and its policy the trust policy.
  resourcePolicy: findTrustPolicy,
};
