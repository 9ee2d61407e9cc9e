import { parseArn } from "../../../base/arn.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import { functions, type FunctionRow } from "../state.ts";

/** The function's resource-based policy as JSON text, or undefined when nobody was given anything. */
export function policyOf(row: FunctionRow): string | undefined {
  if (row.statements.length === 0) return undefined;
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: row.statements });
}

/** For the authorize stage: the policy of the function that an ARN names. */
export async function resourcePolicy(arn: string, ctx: ServiceContext): Promise<string | undefined> {
  const parsed = parseArn(arn);
  const name = parsed?.resource.split(":")[1];
  if (!parsed || name === undefined) return undefined;
  const owner = ctx.at(parsed.account, parsed.region);
  const row = await owner.read((snapshot) => snapshot.get(functions, [name]));
  return row && policyOf(row);
}
