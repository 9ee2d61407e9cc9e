import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import type { DestinationConfig, FunctionEventInvokeConfig } from "../../../api/lambda/types.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { eventInvokeConfigs, functions, type EventInvokeConfigRow } from "../state.ts";
import { functionArn, parseFunctionName, requireTarget } from "./function-name.ts";
import { notImplemented } from "./not-implemented.ts";

type Place = { readonly account: string; readonly region: string };

export function describeEventInvokeConfig(row: EventInvokeConfigRow, at: Place): FunctionEventInvokeConfig {
  return {
    LastModified: new Date(row.lastModifiedAt),
    FunctionArn: functionArn(at, row.functionName, row.qualifier),
    ...(row.maxRetries !== undefined && { MaximumRetryAttempts: row.maxRetries }),
    ...(row.maxAgeSeconds !== undefined && { MaximumEventAgeInSeconds: row.maxAgeSeconds }),
    DestinationConfig: {
      OnSuccess: row.onSuccess === undefined ? {} : { Destination: row.onSuccess },
      OnFailure: row.onFailure === undefined ? {} : { Destination: row.onFailure },
    },
  };
}

/** Function name and qualifier of a request on such a configuration; the qualifier of none is `$LATEST`. */
export function configKey(functionName: string, qualifier: string | undefined, at: Place): readonly [string, string] {
  const reference = parseFunctionName(functionName, at, qualifier);
  return [reference.name, reference.qualifier ?? "$LATEST"];
}

/** @throws {ResourceNotFoundException} when there is no such function, version or alias */
export async function requireConfigurable(
  snapshot: Snapshot,
  at: Place,
  [name, qualifier]: readonly [string, string],
): Promise<void> {
  await requireTarget(snapshot, at, name, qualifier).catch(() => {
    throw new ResourceNotFoundException({ Type: "User", message: "The function doesn't exist." });
  });
}

export async function requireEventInvokeConfig(
  snapshot: Snapshot,
  at: Place,
  key: readonly [string, string],
): Promise<EventInvokeConfigRow> {
  const row = await snapshot.get(eventInvokeConfigs, key);
  if (row) return row;
  const message = `The function ${functionArn(at, ...key)} doesn't have an EventInvokeConfig`;
  throw new ResourceNotFoundException({ Type: "User", message });
}

/** Checks where results are to go. Other functions are reached; queues, topics and buses not yet. */
export async function readDestinations(
  snapshot: Snapshot,
  at: Place,
  functionName: string,
  config: DestinationConfig | undefined,
): Promise<Pick<EventInvokeConfigRow, "onSuccess" | "onFailure">> {
  const onSuccess = config?.OnSuccess?.Destination || undefined;
  const onFailure = config?.OnFailure?.Destination || undefined;
  for (const destination of [onFailure, onSuccess]) {
    if (destination === undefined) continue;
    const service = destination.split(":")[2];
    if (service === "lambda") await requireFunctionDestination(snapshot, at, functionName, destination);
    else if (service === "sqs" || service === "sns" || service === "events" || service === "s3") {
      throw notImplemented(`destinations in ${service} (${destination}) are`);
    } else {
      const part = (name: string, arn: string | undefined) =>
        `${name}=${arn === undefined ? "null" : `${name === "onSuccess" ? "OnSuccess" : "OnFailure"}(destination=${arn})`}`;
      throw invalid(
        `The provided destination config DestinationConfig(${part("onSuccess", onSuccess)}, ${part("onFailure", onFailure)}) is invalid.`,
      );
    }
  }
  return { ...(onSuccess !== undefined && { onSuccess }), ...(onFailure !== undefined && { onFailure }) };
}

async function requireFunctionDestination(
  snapshot: Snapshot,
  at: Place,
  functionName: string,
  destination: string,
): Promise<void> {
  const { account, region, name } = parseFunctionName(destination, at);
  const here = account === at.account && region === at.region;
  if (!here || !(await snapshot.get(functions, [name]))) {
    throw invalid(`The destination ARN ${destination} is invalid.`);
  }
  if (name === functionName) throw invalid("You can't specify the function as a destination for itself.");
}

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ Type: "User", message });
}
