import { isIP } from "node:net";
import type { HttpResponse } from "../kernel/http.ts";
import type { AuthMode } from "./authenticate.ts";
import type { WireRequest } from "./wire-request.ts";

/** Answers somebody who looks at the port with a browser or curl; undefined for everything else. */
export function landingPage(request: WireRequest, region: string, auth: AuthMode): HttpResponse | undefined {
  if (request.path !== "/" || request.query !== "") return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const { headers } = request;
  if (headers["authorization"] !== undefined || headers["x-amz-target"] !== undefined) return undefined;
  // A name with dots may be a bucket's or an API's.
  if (isIP(request.host) === 0 && request.host.includes(".") && request.host !== "localhost.localstack.cloud") {
    return undefined;
  }
  const url = `${request.tls ? "https" : "http"}://${request.authority}`;
  const credentials =
    auth === "strict"
      ? [
          `export AWS_REGION=${region}`,
          "# and an access key that was made here: the root key's file is named where Virga was started",
        ]
      : [`export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${region}`];
  const text = [
    "This is Virga, a serverless cloud that speaks AWS. It is running.",
    "",
    "Point an AWS client at it:",
    "",
    `  export AWS_ENDPOINT_URL=${url}`,
    ...credentials.map((line) => `  ${line}`),
    "  aws sts get-caller-identity",
    "",
    `Services: ${url}/_virga/health`,
    "",
  ].join("\n");
  const html = headers["accept"]?.includes("text/html") === true;
  return {
    status: 200,
    headers: [
      ["content-type", html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8"],
      ["cache-control", "no-store"],
      ["content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"],
    ],
    body: html
      ? `<!doctype html><html lang="en"><meta charset="utf-8"><title>Virga</title><body style="font-family: monospace; margin: 3em"><pre>${text}</pre></body></html>\n`
      : text,
  };
}
