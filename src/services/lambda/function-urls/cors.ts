import type { Headers } from "../../../kernel/http.ts";
import type { CorsRow } from "../state.ts";

type Pair = readonly [name: string, value: string];

/**
 * The headers that tell a browser what pages of other origins may do; empty for origins that may nothing.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */
export function corsHeaders(cors: CorsRow, headers: Headers, preflight: boolean): readonly Pair[] {
  const { origin } = headers;
  const origins = cors.allowOrigins ?? [];
  if (origin === undefined || !(origins.includes("*") || origins.includes(origin))) return [];
  // With credentials a browser takes no star.
  const any = origins.includes("*") && cors.allowCredentials !== true;
  const answer: Pair[] = [["access-control-allow-origin", any ? "*" : origin]];
  if (!any) answer.push(["vary", "Origin"]);
  if (cors.allowCredentials === true) answer.push(["access-control-allow-credentials", "true"]);
  if (preflight) {
    if (cors.allowMethods?.length) answer.push(["access-control-allow-methods", cors.allowMethods.join(",")]);
    if (cors.allowHeaders?.length) answer.push(["access-control-allow-headers", cors.allowHeaders.join(",")]);
    if (cors.maxAgeSeconds !== undefined) answer.push(["access-control-max-age", String(cors.maxAgeSeconds)]);
  }
  if (cors.exposeHeaders?.length) answer.push(["access-control-expose-headers", cors.exposeHeaders.join(",")]);
  return answer;
}

export function isPreflight(method: string, headers: Headers): boolean {
  return (
    method === "OPTIONS" && headers["origin"] !== undefined && headers["access-control-request-method"] !== undefined
  );
}
