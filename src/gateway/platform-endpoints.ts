import type { EpochMs } from "../base/clock.ts";
import { decodeUtf8 } from "../base/bytes.ts";
import type { HttpResponse } from "../kernel/http.ts";
import { type CrossOrigin, type CrossOriginPolicy, isAllowedHost } from "./cors.ts";
import { parseIsoDuration } from "./iso-duration.ts";
import type { WireRequest } from "./wire-request.ts";

/** How each service stands: `running` once loaded, `available` before, `disabled` where nothing is built. */
export type ServiceState = "available" | "running" | "disabled" | "error";

export interface HealthReport {
  readonly status: "ok" | "degraded";
  readonly version: string;
  readonly services: Readonly<Record<string, ServiceState>>;
}

/** A job that failed for the last time and is kept for somebody to look at. */
export interface DeadJob {
  readonly service: string;
  readonly name: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** How often it was tried. */
  readonly attempt: number;
  readonly scheduledAt: EpochMs;
  readonly lastError?: string;
}

/** What the platform lets its user do besides AWS's APIs. What is left out is refused with a word on how to get it. */
export interface PlatformControls {
  health(): HealthReport | Promise<HealthReport>;
  now(): EpochMs;
  /** Without payloads, which may hold what is nobody's business. */
  deadJobs(): Promise<readonly DeadJob[]>;
  /** Present with `--time-travel`. */
  readonly advance?: (ms: number) => Promise<void>;
  /** Present with `--memory` or `--allow-reset`. */
  readonly reset?: () => Promise<void>;
}

/** Answers `/_virga/…` and LocalStack's `/_localstack/…`; undefined when the path is neither. */
export function platformEndpoint(
  request: WireRequest,
  origin: CrossOrigin,
  policy: CrossOriginPolicy,
  controls: PlatformControls,
): Promise<HttpResponse> | undefined {
  const { path } = request;
  if (!path.startsWith("/_virga/") && !path.startsWith("/_localstack/")) return undefined;
  return route(request, origin, policy, controls);
}

async function route(
  request: WireRequest,
  origin: CrossOrigin,
  policy: CrossOriginPolicy,
  controls: PlatformControls,
): Promise<HttpResponse> {
  // These change the platform without any signature, so no page may reach them unless it is the user's own.
  if (origin.kind === "refused" || !isAllowedHost(request.host, policy)) {
    const why = origin.kind === "refused" ? origin.why : `This platform does not answer as "${request.host}" here.`;
    return json(403, { message: why });
  }
  const reading = request.method === "GET" || request.method === "HEAD";
  switch (request.path) {
    case "/_virga/health":
    case "/_localstack/health":
      if (!reading) return notAllowed("GET, HEAD");
      return health(request.path, await controls.health());
    case "/_virga/jobs":
      if (!reading) return notAllowed("GET, HEAD");
      return json(200, { dead: await controls.deadJobs() });
    case "/_localstack/info":
      if (!reading) return notAllowed("GET, HEAD");
      return json(200, { version: `virga:${(await controls.health()).version}`, edition: "virga" });
    case "/_virga/clock":
      if (reading) return json(200, clock(controls));
      return request.method === "POST" ? advance(request, controls) : notAllowed("GET, HEAD, POST");
    case "/_virga/reset":
    case "/_localstack/state/reset":
      return request.method === "POST" ? reset(controls) : notAllowed("POST");
    default:
      return json(404, {
        message: `There is nothing at ${request.path}. There are: GET /_virga/health, GET /_virga/jobs, GET and POST /_virga/clock, POST /_virga/reset.`,
      });
  }
}

function health(path: string, report: HealthReport): HttpResponse {
  const status = report.status === "ok" ? 200 : 503;
  if (path === "/_virga/health") return json(status, report);
  return json(status, { services: report.services, edition: "virga", version: report.version });
}

async function advance(request: WireRequest, controls: PlatformControls): Promise<HttpResponse> {
  if (controls.advance === undefined) {
    return json(403, {
      message: "The clock of this platform is not to be moved. Start it with --time-travel to allow it.",
    });
  }
  let parsed: unknown;
  try {
    const body = await request.readBody(4096, () => new RangeError("too large"));
    parsed = JSON.parse(decodeUtf8(body) ?? "");
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
  }
  const duration =
    typeof parsed === "object" && parsed !== null && "advance" in parsed && typeof parsed.advance === "string"
      ? parseIsoDuration(parsed.advance)
      : undefined;
  if (duration === undefined) {
    return json(400, {
      message: 'Say how far in an ISO 8601 duration of weeks, days, hours, minutes and seconds: {"advance":"PT1H"}.',
    });
  }
  // ECMAScript's last instant; past it no date can be written.
  if (controls.now() + duration > 8.64e15) return json(400, { message: "That is past the end of time." });
  await controls.advance(duration);
  return json(200, clock(controls));
}

function clock(controls: PlatformControls): object {
  const now = controls.now();
  return { now: new Date(now).toISOString(), epochMs: now, movable: controls.advance !== undefined };
}

async function reset(controls: PlatformControls): Promise<HttpResponse> {
  if (controls.reset === undefined) {
    return json(403, {
      message: "This platform keeps its data. Start it with --memory or --allow-reset to let it be emptied over HTTP.",
    });
  }
  await controls.reset();
  return json(200, { message: "Everything on this platform is gone." });
}

function notAllowed(methods: string): HttpResponse {
  const answer = json(405, { message: `Use ${methods}.` });
  return { ...answer, headers: [...answer.headers, ["allow", methods]] };
}

function json(status: number, value: object): HttpResponse {
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["cache-control", "no-store"],
    ],
    body: `${JSON.stringify(value)}\n`,
  };
}
