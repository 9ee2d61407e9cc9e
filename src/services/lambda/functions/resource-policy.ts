import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";
import { parseArn } from "../../../base/arn.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Transaction } from "../../../kernel/records.ts";
import { aliases, functions, layerVersions, versions, type PolicyStatement } from "../state.ts";
import { requireTarget, type FunctionTarget } from "./function-name.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxPolicyBytes = 20_480;

/** Statements as a resource-based policy in JSON, or undefined when nobody was given anything. */
export function policyOf(statements: readonly PolicyStatement[]): string | undefined {
  if (statements.length === 0) return undefined;
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

/** A function, a version and an alias each have a policy of their own. */
export function policyHolder({ row, alias }: FunctionTarget): {
  readonly revisionId: string;
  readonly statements: readonly PolicyStatement[];
} {
  return alias ?? row;
}

export function applyStatements(
  tx: Transaction,
  { row, alias }: FunctionTarget,
  statements: readonly PolicyStatement[],
): void {
  if (alias) tx.put(aliases, { ...alias, statements });
  else tx.put(row.version === undefined ? functions : versions, { ...row, statements });
}

/** On AWS the policy of `$LATEST` is the function's, and only without the qualifier. */
export function refuseLatest({ qualifier }: FunctionTarget): void {
  if (qualifier !== "$LATEST") return;
  const message = "We currently do not support adding policies for $LATEST.";
  throw new InvalidParameterValueException({ Type: "User", message });
}

/** For the authorize stage: the policy of what an ARN names. */
export async function resourcePolicy(arn: string, ctx: ServiceContext): Promise<string | undefined> {
  const parsed = parseArn(arn);
  const [kind, name, qualifier] = parsed?.resource.split(":") ?? [];
  if (!parsed || name === undefined) return undefined;
  const owner = ctx.at(parsed.account, parsed.region);
  if (kind === "layer" && qualifier !== undefined) {
    const row = await owner.read((snapshot) => snapshot.get(layerVersions, [name, Number(qualifier)]));
    return row && !row.deleted ? policyOf(row.statements) : undefined;
  }
  if (kind !== "function") return undefined;
  const target = await owner.read((snapshot) => requireTarget(snapshot, owner, name, qualifier).catch(() => undefined));
  return target && policyOf(policyHolder(target).statements);
}
