import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import type { AliasConfiguration, AliasRoutingConfiguration } from "../../../api/lambda/types.ts";
import type { Ids } from "../../../base/ids.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { aliases, type AliasRow, type FunctionRow } from "../state.ts";
import { findVersion, functionArn, functionNotFound, type FunctionTarget } from "./function-name.ts";

type Place = { readonly account: string; readonly region: string };

export function describeAlias(row: AliasRow, at: Place): AliasConfiguration {
  return {
    AliasArn: functionArn(at, row.functionName, row.name),
    Name: row.name,
    FunctionVersion: row.version,
    Description: row.description,
    ...(row.routing && {
      RoutingConfig: { AdditionalVersionWeights: { [row.routing.version]: row.routing.weight } },
    }),
    RevisionId: row.revisionId,
  };
}

export async function requireAlias(
  snapshot: Snapshot,
  at: Place,
  functionName: string,
  alias: string,
): Promise<AliasRow> {
  const row = await snapshot.get(aliases, [functionName, alias]);
  if (row) return row;
  const message = `Cannot find alias arn: ${functionArn(at, functionName, alias)}`;
  throw new ResourceNotFoundException({ Type: "User", message });
}

/** Checks the versions that an alias is to point to. Undefined when all invocations go to one. */
export async function readRouting(
  snapshot: Snapshot,
  at: Place,
  latest: FunctionRow,
  version: string,
  given: AliasRoutingConfiguration | undefined,
): Promise<AliasRow["routing"]> {
  await requireVersion(version);
  const weights = Object.entries(given?.AdditionalVersionWeights ?? {});
  if (weights.length > 1) throw invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
  const [second] = weights;
  if (!second) return undefined;
  const [other, weight] = second;
  if (other === version) {
    throw invalid(
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    );
  }
  if (version === "$LATEST" || other === "$LATEST") {
    throw invalid("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  await requireVersion(other);
  return { version: other, weight };

  async function requireVersion(wanted: string): Promise<void> {
    if (!(await findVersion(snapshot, latest, wanted))) throw functionNotFound(functionArn(at, latest.name, wanted));
  }
}

/**
 * The version that one invocation runs: by chance where an alias divides them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export async function chooseVersion(snapshot: Snapshot, target: FunctionTarget, ids: Ids): Promise<FunctionRow> {
  const routing = target.alias?.routing;
  if (!routing || ids.fraction() >= routing.weight) return target.row;
  return (await findVersion(snapshot, target.latest, routing.version)) ?? target.row;
}

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ Type: "User", message });
}
