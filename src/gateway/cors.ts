import { isIP } from "node:net";
import type { Headers, HttpResponse } from "../kernel/http.ts";
import { isLocalName, isLoopback } from "./host.ts";

export interface CrossOriginPolicy {
  /** Origins besides loopback whose pages may call the AWS APIs: `https://app.example.com`, or `*`. */
  readonly origins: readonly string[];
  /** Host names besides local ones under which browsers may call: the name of the machine on a network. */
  readonly hosts: readonly string[];
}

type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** What a page's request comes to: nothing to do, headers that let the page read the answer, or a refusal. */
export type CrossOrigin =
  | { readonly kind: "none" }
  | { readonly kind: "allowed"; readonly headers: HeaderPairs }
  | { readonly kind: "refused"; readonly why: string };

const none: CrossOrigin = { kind: "none" };

/**
 * Decides on requests that a browser sends for a page. A page of the open web must not use a platform on its visitor's
 * machine: not across origins, nor under a name that it made resolve to this address (DNS rebinding).
 */
export function judgeOrigin(headers: Headers, host: string, policy: CrossOriginPolicy): CrossOrigin {
  const origin = headers["origin"];
  if (origin === undefined) {
    const agent = headers["user-agent"];
    // Same-origin GETs carry no Origin. Every browser's agent begins so, and no AWS client's does.
    if (agent === undefined || !agent.startsWith("Mozilla/")) return none;
    if (headers["sec-fetch-site"] === "cross-site" && headers["sec-fetch-mode"] !== "navigate") {
      return { kind: "refused", why: "A page of another site may not call this platform." };
    }
    return isAllowedHost(host, policy) ? none : { kind: "refused", why: hostRefusal(host) };
  }
  if (!isAllowedOrigin(origin, host, policy)) {
    return {
      kind: "refused",
      why: `Pages of the origin ${JSON.stringify(origin.slice(0, 200))} may not call this platform. Allow it with --cors-origin.`,
    };
  }
  if (!isAllowedHost(host, policy)) return { kind: "refused", why: hostRefusal(host) };
  return {
    kind: "allowed",
    headers: [
      ["access-control-allow-origin", origin],
      ["access-control-expose-headers", exposed],
      ["vary", "origin"],
    ],
  };
}

const exposed =
  "etag,date,content-length,content-range,location,x-amz-version-id,x-amz-request-id,x-amz-id-2,x-amzn-requestid," +
  "x-amzn-errortype,x-amz-crc32,x-amzn-query-error,x-amz-function-error,x-amz-log-result,x-amz-executed-version,x-amz-delete-marker";

/** Answers a preflight of an allowed origin; undefined when the request is none. */
export function answerPreflight(method: string, headers: Headers, verdict: CrossOrigin): HttpResponse | undefined {
  const asked = headers["access-control-request-method"];
  if (method !== "OPTIONS" || asked === undefined || verdict.kind !== "allowed") return undefined;
  const answered: [string, string][] = [
    ["access-control-allow-methods", "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS"],
    ["access-control-allow-headers", headers["access-control-request-headers"] ?? "*"],
    ["access-control-max-age", "3600"],
  ];
  // Chrome asks before a public page reaches a private address; the origin was allowed by name.
  if (headers["access-control-request-private-network"] === "true") {
    answered.push(["access-control-allow-private-network", "true"]);
  }
  return { status: 204, headers: answered };
}

function isAllowedOrigin(origin: string, host: string, policy: CrossOriginPolicy): boolean {
  if (policy.origins.includes(origin) || policy.origins.includes("*")) return true;
  const match = /^https?:\/\/(\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(origin);
  if (match === null) return false;
  const name = match[1]!.toLowerCase().replace(/^\[|\]$/g, "");
  if (isLoopback(name)) return true;
  // A page that this platform serves itself under the address it is reached at.
  return name === host && (isIP(name) !== 0 || policy.hosts.includes(name));
}

/** Whether no page of the open web can have made a browser come here under this name. */
export function isAllowedHost(host: string, policy: CrossOriginPolicy): boolean {
  return isLocalName(host) || policy.hosts.includes(host) || policy.hosts.includes("*");
}

function hostRefusal(host: string): string {
  return `Browsers may not call this platform as "${host}". Use localhost or the address, or allow the name with --allow-host.`;
}
