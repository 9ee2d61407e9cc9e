import type { HttpRequest } from "../../../kernel/http.ts";

export interface UrlCall {
  readonly request: HttpRequest;
  readonly body: Uint8Array;
  readonly urlId: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * The event that a function behind a URL receives: payload format 2.0.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function urlEvent({ request, body, urlId, requestId, traceId, now }: UrlCall): Record<string, unknown> {
  const { cookie, ...sent } = request.headers;
  const host = sent["host"] ?? sent[":authority"] ?? "";
  const domainName = host.replace(/:\d+$/, "");
  const headers: Record<string, string> = Object.assign(Object.create(null), {
    ...Object.fromEntries(Object.entries(sent).filter(([name]) => !name.startsWith(":"))),
    host: domainName,
    "x-amzn-trace-id": traceId,
    "x-forwarded-for": sent["x-forwarded-for"] ?? request.remoteAddress,
    "x-forwarded-proto": request.tls ? "https" : "http",
    "x-forwarded-port": /:(\d+)$/.exec(host)?.[1] ?? (request.tls ? "443" : "80"),
  });
  const query = readQuery(request.query);
  const binary = body.byteLength > 0 && !isText(request.headers["content-type"]);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookie !== undefined && { cookies: cookie.split(/; ?/).filter((one) => one !== "") }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: "anonymous",
      apiId: urlId,
      domainName,
      domainPrefix: urlId,
      http: {
        method: request.method,
        path: decodePath(request.path),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.remoteAddress,
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId,
      routeKey: "$default",
      stage: "$default",
      time: logTime(now),
      timeEpoch: now,
    },
    ...(body.byteLength > 0 && {
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(binary ? "base64" : "utf8"),
    }),
    isBase64Encoded: binary,
  };
}

/** Values of one name are joined by commas. */
function readQuery(query: string): Record<string, string> | undefined {
  if (query === "") return undefined;
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] = Object.hasOwn(values, name) ? `${values[name]},${value}` : value;
  }
  return values;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const textTypes = /^(?:text\/|application\/(?:json|xml|javascript|[^;]*\+(?:json|xml))\s*(?:;|$))/i;

/** Everything else, also what says nothing of its type, reaches the function in Base64. */
function isText(contentType: string | undefined): boolean {
  return contentType !== undefined && textTypes.test(contentType.trim());
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(now: number): string {
  const [date = "", time = ""] = new Date(now).toISOString().split(/[T.]/);
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time} +0000`;
}
