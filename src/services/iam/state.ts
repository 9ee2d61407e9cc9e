import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";

export interface TagRow {
  readonly key: string;
  readonly value: string;
}

export interface InlinePolicyRow {
  readonly name: string;
  /** As given. */
  readonly document: string;
}

/** What users and roles have in common. All that bears on what they may do is in one row, since every request reads it. */
interface EntityRow {
  readonly name: string;
  /** `/` or `/team/` */
  readonly path: string;
  /** `AIDA…`, `AROA…` */
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly tags: readonly TagRow[];
  readonly inlinePolicies: readonly InlinePolicyRow[];
  /** ARNs of managed policies, in the order in which they were attached. */
  readonly attachedPolicies: readonly string[];
  /** ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string;
}

export interface UserRow extends EntityRow {
  readonly kind: "user";
  readonly accessKeyIds: readonly string[];
}

export interface RoleRow extends EntityRow {
  readonly kind: "role";
  /** Trust policy, as given. */
  readonly trustPolicy: string;
  readonly description: string;
  readonly maxSessionDurationSeconds: number;
}

/** Names are unique without regard to case, and found only as written. */
export const users = collection("users", (row: UserRow) => [row.name.toLowerCase()], {
  scope: "account",
  cached: true,
});
export const roles = collection("roles", (row: RoleRow) => [row.name.toLowerCase()], {
  scope: "account",
  cached: true,
});

export interface AccessKeyRow {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt: EpochMs;
  /**
   * The row of a deleted key stays, so that the key is known as refused. A key that nobody knows may be one of AWS's,
   * which in lenient mode stands for root.
   */
  readonly deletedAt?: EpochMs;
}

export const accessKeys = collection("access-keys", (row: AccessKeyRow) => [row.accessKeyId], {
  scope: "account",
  cached: true,
});

export interface PolicyVersionRow {
  /** 1 for `v1`; numbers are never used again. */
  readonly number: number;
  readonly document: string;
  readonly createdAt: EpochMs;
}

export interface PolicyRow {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly description?: string;
  readonly tags: readonly TagRow[];
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly defaultVersion: number;
  readonly nextVersion: number;
  /** Oldest first, at most five. */
  readonly versions: readonly PolicyVersionRow[];
}

export const policies = collection("policies", (row: PolicyRow) => [row.name.toLowerCase()], {
  scope: "account",
  cached: true,
});

/** The other side of `attachedPolicies` and `boundary`: who uses a managed policy, AWS's own included. */
export interface PolicyUseRow {
  readonly policyArn: string;
  readonly usage: "policy" | "boundary";
  readonly kind: "user" | "role";
  readonly name: string;
}

export const policyUses = collection(
  "policy-uses",
  (row: PolicyUseRow) => [row.policyArn, row.usage, row.kind, row.name.toLowerCase()],
  { scope: "account" },
);

/** Aliases are unique among all accounts of the platform. */
export interface AccountAliasRow {
  readonly alias: string;
  readonly account: string;
}

export const accountAliases = collection("account-aliases", (row: AccountAliasRow) => [row.alias], {
  scope: "platform",
});
export const ownAlias = collection("own-alias", (_row: AccountAliasRow) => [], { scope: "account" });
