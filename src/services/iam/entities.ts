import { NoSuchEntityException } from "../../api/iam/errors.ts";
import type { AttachedPermissionsBoundary, Role, User } from "../../api/iam/types.ts";
import type { Snapshot, Transaction } from "../../kernel/records.ts";
import { encodeDocument } from "./policy-documents.ts";
import { roles, users, type RoleRow, type UserRow } from "./state.ts";
import { describeTags } from "./tags.ts";

/** Users and roles, where an operation does the same for both. */
export type Entity = UserRow | RoleRow;

/** Names a user or role. */
export interface EntityRef<Kind extends Entity["kind"] = Entity["kind"]> {
  readonly kind: Kind;
  readonly name: string;
}

export async function findUser(snapshot: Snapshot, name: string): Promise<UserRow | undefined> {
  const row = await snapshot.get(users, [name.toLowerCase()]);
  return row?.name === name ? row : undefined;
}

export async function findRole(snapshot: Snapshot, name: string): Promise<RoleRow | undefined> {
  const row = await snapshot.get(roles, [name.toLowerCase()]);
  return row?.name === name ? row : undefined;
}

export async function requireUser(snapshot: Snapshot, name: string): Promise<UserRow> {
  const row = await findUser(snapshot, name);
  if (!row) throw new NoSuchEntityException({ message: `The user with name ${name} cannot be found.` });
  return row;
}

export async function requireRole(snapshot: Snapshot, name: string): Promise<RoleRow> {
  const row = await findRole(snapshot, name);
  if (!row) throw new NoSuchEntityException({ message: `The role with name ${name} cannot be found.` });
  return row;
}

export function requireEntity(snapshot: Snapshot, { kind, name }: EntityRef): Promise<Entity> {
  return kind === "user" ? requireUser(snapshot, name) : requireRole(snapshot, name);
}

export function putEntity(tx: Transaction, row: Entity): void {
  if (row.kind === "user") tx.put(users, row);
  else tx.put(roles, row);
}

export function entityArn(account: string, { kind, path, name }: Pick<Entity, "kind" | "path" | "name">): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`;
}

export function describeUser(account: string, row: UserRow, detail: "full" | "listed"): User {
  return {
    Path: row.path,
    UserName: row.name,
    UserId: row.id,
    Arn: entityArn(account, row),
    CreateDate: new Date(row.createdAt),
    ...(detail === "full" && {
      ...(row.tags.length > 0 && { Tags: describeTags(row.tags) }),
      ...describeBoundary(row.boundary),
    }),
  };
}

/** Listed roles leave out what only GetRole gives: tags, boundary, last use. */
export function describeRole(account: string, row: RoleRow, detail: "full" | "listed"): Role {
  return {
    Path: row.path,
    RoleName: row.name,
    RoleId: row.id,
    Arn: entityArn(account, row),
    CreateDate: new Date(row.createdAt),
    AssumeRolePolicyDocument: encodeDocument(row.trustPolicy),
    ...(row.description !== "" && { Description: row.description }),
    MaxSessionDuration: row.maxSessionDurationSeconds,
    ...(detail === "full" && {
      ...(row.tags.length > 0 && { Tags: describeTags(row.tags) }),
      ...describeBoundary(row.boundary),
    }),
  };
}

function describeBoundary(arn: string | undefined): { PermissionsBoundary?: AttachedPermissionsBoundary } {
  if (arn === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: arn } };
}
