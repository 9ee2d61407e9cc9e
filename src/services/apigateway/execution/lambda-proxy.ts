import type { HttpResponse } from "../../../kernel/http.ts";
import { isMap } from "../../../languages/vtl/value.ts";
import { parseJson } from "../templates/parse-json.ts";
import { idHeaders, refusal } from "./gateway-refusal.ts";
import type { LambdaCaller } from "./lambda-caller.ts";
import { isBinary, mediaType } from "./media-types.ts";
import { responseHeader } from "./response-headers.ts";
import type { StageCall } from "./stage-call.ts";

/**
 * Hands the request to the function as it is, and the function's answer to the client.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export async function callLambdaProxy(call: StageCall, lambda: LambdaCaller): Promise<HttpResponse> {
  const { payload, failed } = await lambda.invoke(call, JSON.stringify(await proxyEvent(call)));
  const response = failed ? undefined : readAnswer(payload, call);
  if (response === undefined) {
    call.ctx.log.warn(
      failed
        ? "An API answered 502, because its function failed."
        : "An API answered 502, because its function's answer is malformed. It must be an object of statusCode, headers, multiValueHeaders, body (a string) and isBase64Encoded, and nothing else.",
      { method: call.arn, requestId: call.ids.requestId },
    );
    throw refusal.badAnswer();
  }
  return response;
}

/** The event, payload format 1.0, in the order in which AWS writes it. */
export async function proxyEvent(call: StageCall): Promise<Readonly<Record<string, unknown>>> {
  const { route, headers, query, stage } = call;
  const bytes = await call.body();
  const binary =
    bytes.byteLength > 0 && isBinary(mediaType(call.request.headers["content-type"]), call.binaryMediaTypes);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    resource: route.resource.path,
    path: call.path,
    httpMethod: call.request.method,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: query ? lastValues(query) : null,
    multiValueQueryStringParameters: query ?? null,
    pathParameters: route.pathParameters.size === 0 ? null : Object.fromEntries(route.pathParameters),
    stageVariables: stage.variables ?? null,
    requestContext: call.context,
    body: bytes.byteLength === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary,
  };
}

function lastValues(lists: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const values = Object.create(null) as Record<string, string>;
  for (const name of Object.keys(lists)) values[name] = lists[name]!.at(-1)!;
  return values;
}

const members: ReadonlySet<string> = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

type Pairs = (readonly [name: string, value: string])[];

/** Undefined where the answer has not the form that is asked of it. */
function readAnswer(payload: string, call: StageCall): HttpResponse | undefined {
  const answer = parseObject(payload);
  if (answer === undefined || Object.keys(answer).some((name) => !members.has(name))) return undefined;
  const status = readStatus(answer["statusCode"]);
  const headers = readHeaders(answer["headers"], answer["multiValueHeaders"]);
  const body = answer["body"] ?? "";
  if (status === undefined || headers === undefined || typeof body !== "string") return undefined;
  if (!headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push(["Content-Type", "application/json"]);
  headers.push(...idHeaders(call.ids), ["X-Amzn-Trace-Id", call.ids.traceId]);
  const binary = answer["isBase64Encoded"] === true && wantsBinary(call);
  return { status, headers, body: binary ? Buffer.from(body, "base64") : body };
}

/** The first type that the client accepts decides. */
function wantsBinary(call: StageCall): boolean {
  return isBinary(mediaType(call.request.headers["accept"]?.split(",", 1)[0]), call.binaryMediaTypes);
}

function parseObject(json: string): Record<string, unknown> | undefined {
  const value = parseJson(json);
  return isMap(value) ? value : undefined;
}

function readStatus(value: unknown): number | undefined {
  if (value === undefined || value === null) return 200;
  const status = typeof value === "string" || typeof value === "number" ? Number(value) : NaN;
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

/** A name in both has the values of `multiValueHeaders`. */
function readHeaders(single: unknown, multiple: unknown): Pairs | undefined {
  if (!isMapOrAbsent(single) || !isMapOrAbsent(multiple)) return undefined;
  const pairs: Pairs = [];
  const seen = new Set<string>();
  const add = (name: string, value: unknown): boolean => {
    if (value === null) return true;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return false;
    const written = responseHeader(name, String(value), true);
    if (written) pairs.push(...written);
    return written !== undefined;
  };
  for (const [name, values] of Object.entries(multiple ?? {})) {
    seen.add(name.toLowerCase());
    if (!Array.isArray(values) || !values.every((value) => add(name, value))) return undefined;
  }
  for (const [name, value] of Object.entries(single ?? {})) {
    if (!seen.has(name.toLowerCase()) && !add(name, value)) return undefined;
  }
  return pairs;
}

function isMapOrAbsent(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || (typeof value === "object" && !Array.isArray(value));
}
