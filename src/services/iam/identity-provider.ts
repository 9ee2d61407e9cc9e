import { accountOfAccessKey } from "../../kernel/access-key-id.ts";
import type { ServiceContext } from "../../kernel/context.ts";
import type { IdentityProvider, PrincipalPolicies } from "../../kernel/identity.ts";
import type { Principal } from "../../kernel/principal.ts";
import type { Snapshot } from "../../kernel/records.ts";
import { entityArn, findRole, findUser, type Entity } from "./entities.ts";
import { defaultDocument, findManagedPolicy } from "./managed-policies.ts";
import { accessKeys } from "./state.ts";

/**
 * Who the users of IAM are, and what bears on users and roles. Answers from rows that are kept decoded: one for the user
 * or role, one for each managed policy.
 */
export function iamIdentity(contextFor: (account: string) => ServiceContext): IdentityProvider {
  return {
    async findCredential(accessKeyId) {
      const account = accessKeyId.startsWith("AKIA") ? accountOfAccessKey(accessKeyId) : undefined;
      if (account === undefined) return undefined;
      return contextFor(account).read(async (snapshot) => {
        const key = await snapshot.get(accessKeys, [accessKeyId]);
        if (!key) return undefined;
        const { secretAccessKey } = key;
        const user = key.deletedAt === undefined ? await findUser(snapshot, key.userName) : undefined;
        if (!user) return { accessKeyId, secretAccessKey, active: false, principal: { kind: "anonymous" } };
        return {
          accessKeyId,
          secretAccessKey,
          active: key.status === "Active",
          principal: { kind: "user", account, arn: entityArn(account, user), userName: user.name, userId: user.id },
        };
      });
    },

    async findPolicies(principal) {
      if (!("account" in principal)) return undefined;
      const { account } = principal;
      return contextFor(account).read(async (snapshot) => {
        const entity = await findEntity(snapshot, principal);
        return entity && policiesOf(snapshot, account, entity);
      });
    },
  };
}

/** The user or role behind a principal. One made anew under the same name is another. */
async function findEntity(snapshot: Snapshot, principal: Principal): Promise<Entity | undefined> {
  switch (principal.kind) {
    case "user": {
      const user = await findUser(snapshot, principal.userName);
      return user?.id === principal.userId ? user : undefined;
    }
    case "assumed-role": {
      const role = await findRole(snapshot, principal.roleName);
      return role?.id === principal.roleId ? role : undefined;
    }
    case "federated-user":
      return principal.issuer && findEntity(snapshot, principal.issuer);
    case "root":
    case "service":
    case "anonymous":
      return undefined;
  }
}

async function policiesOf(snapshot: Snapshot, account: string, entity: Entity): Promise<PrincipalPolicies> {
  const identity = entity.inlinePolicies.map(({ document }) => document);
  for (const arn of entity.attachedPolicies) {
    const policy = await findManagedPolicy(snapshot, account, arn);
    if (policy) identity.push(defaultDocument(policy));
  }
  const boundary = entity.boundary && (await findManagedPolicy(snapshot, account, entity.boundary));
  return {
    identity,
    tags: Object.fromEntries(entity.tags.map(({ key, value }) => [key, value])),
    ...(boundary && { boundary: defaultDocument(boundary) }),
  };
}
