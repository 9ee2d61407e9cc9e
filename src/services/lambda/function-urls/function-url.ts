import { ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import type { Cors, FunctionUrlConfig } from "../../../api/lambda/types.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot, Transaction } from "../../../kernel/records.ts";
import { functionArn } from "../functions/function-name.ts";
import { functionUrls, urlOwners, type CorsRow, type FunctionUrlRow } from "../state.ts";

export function describeUrl(row: FunctionUrlRow, ctx: ServiceContext): FunctionUrlConfig {
  const qualifier = row.qualifier === "$LATEST" ? undefined : row.qualifier;
  return {
    FunctionUrl: locationOf(row, ctx),
    FunctionArn: functionArn(ctx, row.functionName, qualifier),
    AuthType: row.authType,
    ...(row.cors && { Cors: describeCors(row.cors) }),
    CreationTime: new Date(row.createdAt).toISOString(),
    LastModifiedTime: new Date(row.lastModifiedAt).toISOString(),
    InvokeMode: row.invokeMode,
  };
}

/** On AWS `https://….lambda-url.us-east-1.on.aws/`; names under `localhost` lead to the platform without any set-up. */
function locationOf({ urlId }: FunctionUrlRow, ctx: ServiceContext): string {
  const { protocol, port } = new URL(ctx.endpoint);
  return `${protocol}//${urlId}.lambda-url.${ctx.region}.localhost${port === "" ? "" : `:${port}`}/`;
}

export async function requireUrl(
  snapshot: Snapshot,
  functionName: string,
  qualifier: string | undefined,
): Promise<FunctionUrlRow> {
  const row = await snapshot.get(functionUrls, [functionName, qualifier ?? "$LATEST"]);
  if (row) return row;
  throw new ResourceNotFoundException({ Type: "User", message: "The resource you requested does not exist." });
}

export function deleteUrl(tx: Transaction, row: FunctionUrlRow): void {
  tx.delete(functionUrls, [row.functionName, row.qualifier]);
  tx.delete(urlOwners, [row.urlId]);
}

export function readCors(cors: Cors): CorsRow {
  return {
    ...(cors.AllowCredentials !== undefined && { allowCredentials: cors.AllowCredentials }),
    ...(cors.AllowHeaders && { allowHeaders: [...cors.AllowHeaders] }),
    ...(cors.AllowMethods && { allowMethods: [...cors.AllowMethods] }),
    ...(cors.AllowOrigins && { allowOrigins: [...cors.AllowOrigins] }),
    ...(cors.ExposeHeaders && { exposeHeaders: [...cors.ExposeHeaders] }),
    ...(cors.MaxAge !== undefined && { maxAgeSeconds: cors.MaxAge }),
  };
}

function describeCors(cors: CorsRow): Cors {
  return {
    ...(cors.allowCredentials !== undefined && { AllowCredentials: cors.allowCredentials }),
    ...(cors.allowHeaders && { AllowHeaders: [...cors.allowHeaders] }),
    ...(cors.allowMethods && { AllowMethods: [...cors.allowMethods] }),
    ...(cors.allowOrigins && { AllowOrigins: [...cors.allowOrigins] }),
    ...(cors.exposeHeaders && { ExposeHeaders: [...cors.exposeHeaders] }),
    ...(cors.maxAgeSeconds !== undefined && { MaxAge: cors.maxAgeSeconds }),
  };
}
