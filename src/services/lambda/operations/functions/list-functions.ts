import type { FunctionConfiguration, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { listFunction } from "../../functions/describe-function.ts";
import { versionOf } from "../../functions/function-name.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { functions, versions, type FunctionRow } from "../../state.ts";

const markerForm = /^[a-zA-Z0-9-_]+(:(\$LATEST|\d{1,16}))?$/;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctions: Handler<LambdaApi["ListFunctions"]> = async (input, ctx) => {
  if (input.MasterRegion !== undefined) throw notImplemented("Lambda@Edge functions (MasterRegion) are");
  const limit = pageLimit(input.MaxItems);
  const [name, version] = readMarker(input.Marker, markerForm)?.split(":") ?? [];
  const all = input.FunctionVersion === "ALL";
  return ctx.read(async (snapshot) => {
    const found: FunctionConfiguration[] = [];
    let last = "";
    for await (const row of all ? everyVersion(snapshot, name, version) : latestVersions(snapshot, name)) {
      if (found.length === limit) return { Functions: found, NextMarker: writeMarker(last) };
      found.push(listFunction(row, ctx, all ? versionOf(row) : undefined));
      last = all ? `${row.name}:${versionOf(row)}` : row.name;
    }
    return { Functions: found };
  });
};

function latestVersions(snapshot: Snapshot, after: string | undefined): AsyncIterable<FunctionRow> {
  return snapshot.list(functions, after === undefined ? {} : { after: [after] });
}

/** Each function's `$LATEST` and then its versions, after the one that is named. */
async function* everyVersion(
  snapshot: Snapshot,
  name: string | undefined,
  version = "$LATEST",
): AsyncGenerator<FunctionRow, void, undefined> {
  if (name !== undefined) {
    const after = version === "$LATEST" ? {} : { after: [name, Number(version)] };
    yield* snapshot.list(versions, { prefix: [name], ...after });
  }
  for await (const row of latestVersions(snapshot, name)) {
    yield row;
    yield* snapshot.list(versions, { prefix: [row.name] });
  }
}
