import type { ServiceContext } from "../../kernel/context.ts";
import type { IdentityProvider } from "../../kernel/identity.ts";
import { accountOfAccessKey } from "../../kernel/access-key-id.ts";
import { sessions } from "./state.ts";

/** Whom temporary credentials stand for. What users and roles may do is asked of IAM. */
export function stsIdentity(contextFor: (account: string) => ServiceContext): IdentityProvider {
  return {
    async findCredential(accessKeyId) {
      const account = accessKeyId.startsWith("ASIA") ? accountOfAccessKey(accessKeyId) : undefined;
      if (account === undefined) return undefined;
      const row = await contextFor(account).read((snapshot) => snapshot.get(sessions, [accessKeyId]));
      return row && { ...row, active: true };
    },
    findPolicies: () => Promise.resolve(undefined),
  };
}
