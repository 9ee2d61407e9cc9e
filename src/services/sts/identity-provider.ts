import type { ServiceContext } from "../../kernel/context.ts";
import type { IdentityProvider } from "../../kernel/identity.ts";
import { accountOfAccessKey } from "../../kernel/access-key-id.ts";
import { sessions } from "./state.ts";

/** AWS has no such account, so a key of it that is not on record is one of ours that was forgotten: refused, not unknown. */
const noAwsAccount = "000000000000";

/** Whom temporary credentials stand for. What users and roles may do is asked of IAM. */
export function stsIdentity(contextFor: (account: string) => ServiceContext): IdentityProvider {
  return {
    async findCredential(accessKeyId) {
      const account = accessKeyId.startsWith("ASIA") ? accountOfAccessKey(accessKeyId) : undefined;
      if (account === undefined) return undefined;
      const row = await contextFor(account).read((snapshot) => snapshot.get(sessions, [accessKeyId]));
      if (row) return { ...row, active: true };
      if (account !== noAwsAccount) return undefined;
      return { accessKeyId, secretAccessKey: "", active: false, principal: { kind: "anonymous" } };
    },
    findPolicies: () => Promise.resolve(undefined),
  };
}
