import { AwsError } from "../api/aws-error.ts";
import type { EndpointCaller, HttpResponse } from "../kernel/http.ts";
import { answer, type AnswerContext, report, type Trace } from "./answer.ts";
import { answerPreflight, type CrossOriginPolicy, judgeOrigin } from "./cors.ts";
import { landingPage } from "./landing-page.ts";
import { platformEndpoint, type PlatformControls } from "./platform-endpoints.ts";
import { refusalStyle } from "./sigv4/refusals.ts";
import { findSignature } from "./sigv4/signature.ts";
import { ClientGone, type WireRequest } from "./wire-request.ts";
import type { AuthMode } from "./authenticate.ts";
import type { BoundEndpoint } from "../kernel/dispatch.ts";

export interface ReceiveContext extends AnswerContext {
  readonly auth: AuthMode;
  readonly crossOrigin: CrossOriginPolicy;
  readonly controls: PlatformControls;
}

/** Every request comes through here: the platform's own pages, endpoints that users built, then AWS's APIs. */
export async function receive(request: WireRequest, context: ReceiveContext, trace: Trace): Promise<HttpResponse> {
  const endpoint = findEndpoint(request, context);
  // What users built has its own rules for pages of other origins.
  if (endpoint !== undefined) return callEndpoint(endpoint, request, context, trace);

  const origin = judgeOrigin(request.headers, request.host, context.crossOrigin);
  const own = platformEndpoint(request, origin, context.crossOrigin, context.controls);
  if (own !== undefined) {
    trace.service = "virga";
    return own;
  }
  if (origin.kind === "none")
    return landingPage(request, context.region, context.auth) ?? answer(request, context, trace);
  if (origin.kind === "refused") {
    trace.error = "CrossOriginRefused";
    return { status: 403, headers: [["content-type", "text/plain; charset=utf-8"]], body: `${origin.why}\n` };
  }
  const answered =
    answerPreflight(request.method, request.headers, origin) ??
    landingPage(request, context.region, context.auth) ??
    (await answer(request, context, trace));
  return { ...answered, headers: [...answered.headers, ...origin.headers] };
}

/** The endpoint that a request is for, if it is for any. */
export function findEndpoint(
  request: { readonly host: string; readonly path: string },
  context: ReceiveContext,
): BoundEndpoint | undefined {
  const { host, path } = request;
  // Most API calls: spares them the endpoints' patterns. No endpoint is at the root of an unnamed host.
  if (path === "/" && (host === "127.0.0.1" || host === "localhost")) return undefined;
  // API Gateway's own API for connections has the host of a stage.
  if (path.includes("/@connections/")) return undefined;
  return context.dispatcher.endpoint(host, path);
}

/** Endpoints ask who calls only where their owner demands it. */
async function authenticateEndpoint(
  request: WireRequest,
  signingName: string,
  { authenticator, limits }: ReceiveContext,
): Promise<EndpointCaller> {
  const body = await request.readBody(limits.bodyBytes, () => payloadTooLarge(limits.bodyBytes));
  const { principal, accessKeyId } = await authenticator.authenticate({
    request,
    signature: findSignature(request.headers, request.query),
    signingName,
    style: refusalStyle(signingName, "rest-json"),
    anonymous: true,
    body,
  });
  return { principal, ...(accessKeyId !== undefined && { accessKeyId }) };
}

function payloadTooLarge(limit: number): AwsError {
  return new AwsError({
    code: "RequestEntityTooLargeException",
    status: 413,
    message: `Request must be smaller than ${limit} bytes`,
  });
}

async function callEndpoint(
  endpoint: BoundEndpoint,
  request: WireRequest,
  context: ReceiveContext,
  trace: Trace,
): Promise<HttpResponse> {
  trace.service = endpoint.name;
  request.authenticator = (signingName) => authenticateEndpoint(request, signingName, context);
  try {
    return await endpoint.handle(request);
  } catch (error) {
    if (error instanceof ClientGone) throw error;
    if (!(error instanceof AwsError)) report(error, trace, context.log);
    const known = error instanceof AwsError;
    trace.error = known ? error.code : "InternalFailure";
    return {
      status: known ? error.status : 500,
      headers: [
        ["content-type", "application/json"],
        ["x-amzn-requestid", trace.requestId],
        ["x-amzn-errortype", trace.error],
      ],
      body: JSON.stringify({ message: known ? error.message : "Internal server error" }),
    };
  }
}
