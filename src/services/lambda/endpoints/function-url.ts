import { AwsError } from "../../../api/aws-error.ts";
import { readAll } from "../../../base/bytes.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { HttpRequest, HttpResponse } from "../../../kernel/http.ts";
import type { Endpoint } from "../../../kernel/service.ts";
import type { PolicyEvaluator } from "../../../languages/iam-policy/policy-evaluator.ts";
import { corsHeaders, isPreflight } from "../function-urls/cors.ts";
import { readStreamedAnswer } from "../function-urls/streamed-answer.ts";
import { readAnswer } from "../function-urls/url-answer.ts";
import { urlEvent } from "../function-urls/url-event.ts";
import type { FunctionTarget } from "../functions/function-name.ts";
import { policyHolder, policyOf } from "../functions/resource-policy.ts";
import type { Fleet, InvocationRequest } from "../invocation/fleet.ts";
import { resolveInvocation } from "../invocation/resolve-invocation.ts";
import { newTraceId } from "../invocation/trace-id.ts";
import { untilReady } from "../invocation/until-ready.ts";
import { functionUrls, urlOwners, type FunctionUrlRow } from "../state.ts";

/** The event with everything around the body counts, as for Invoke. */
const maxEventBytes = 6_291_456;

/**
 * Answers the hosts of function URLs by invoking the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlEndpoint(fleet: Fleet, policies: PolicyEvaluator): Endpoint {
  return {
    handle: async (request, match, platform) => {
      const owner = await platform.read((snapshot) => snapshot.get(urlOwners, [match["url"]!]));
      if (owner?.region !== match["region"])
        return refusal(404, "ResourceNotFoundException", "There is no such function URL.");
      const ctx = platform.at(owner!.account, owner!.region);
      const { functionName, qualifier } = owner!;
      const url = await ctx.read((snapshot) => snapshot.get(functionUrls, [functionName, qualifier]));
      if (!url) return refusal(404, "ResourceNotFoundException", "There is no such function URL.");
      const { cors } = url;
      if (cors && isPreflight(request.method, request.headers)) {
        return { status: 200, headers: corsHeaders(cors, request.headers, true), body: "" };
      }
      const answer = await invoke(request, url, ctx);
      if (!cors) return answer;
      const own = answer.headers.filter(([name]) => !name.startsWith("access-control-"));
      return { ...answer, headers: [...own, ...corsHeaders(cors, request.headers, false)] };
    },
  };

  async function invoke(request: HttpRequest, url: FunctionUrlRow, ctx: ServiceContext): Promise<HttpResponse> {
    try {
      const alias = url.qualifier === "$LATEST" ? undefined : url.qualifier;
      const { target, row, share } = await ctx.read((snapshot) =>
        resolveInvocation(snapshot, ctx, url.functionName, alias),
      );
      if (!mayAnybody(target, url, ctx)) {
        return refusal(
          403,
          "AccessDeniedException",
          "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        );
      }
      const body = await readAll(request.body, maxEventBytes, tooLarge);
      const requestId = ctx.ids.uuid();
      const traceId = request.headers["x-amzn-trace-id"] ?? newTraceId(ctx);
      const call = { request, body, urlId: url.urlId, requestId, traceId, now: ctx.clock.now() };
      const event = Buffer.from(JSON.stringify(urlEvent(call)));
      if (event.byteLength > maxEventBytes) throw tooLarge();
      const ready = row.state === "Active" ? row : await untilReady(row, ctx);
      const invocation = { requestId, traceId, event, functionArn: target.arn };
      const run = (more: Partial<InvocationRequest>) => fleet.invoke(ready, ctx, { ...invocation, ...more }, share);
      const answer = url.invokeMode === "RESPONSE_STREAM" ? await stream(run) : await buffer(run);
      return {
        ...answer,
        headers: [...answer.headers, ["x-amzn-requestid", requestId], ["x-amzn-trace-id", traceId]],
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return refusal(error.status, error.code, error.message);
    }
  }

  /** Both permissions, as AWS asks since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
  function mayAnybody(target: FunctionTarget, url: FunctionUrlRow, ctx: ServiceContext): boolean {
    const resource = policyOf(policyHolder(target).statements);
    if (resource === undefined) return false;
    const conditions = new Map([
      ["lambda:functionurlauthtype", url.authType],
      ["lambda:invokedviafunctionurl", "true"],
    ]);
    return ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"].every(
      (action) =>
        policies.evaluate(
          {
            caller: { kind: "anonymous" },
            action,
            resource: target.arn,
            resourceAccount: ctx.account,
            context: (key) => conditions.get(key),
          },
          { resource },
        ).allowed,
    );
  }
}

type Run = (more: Partial<InvocationRequest>) => ReturnType<Fleet["invoke"]>;

async function buffer(run: Run): Promise<HttpResponse> {
  const { payload, failed } = await run({});
  return (failed ? undefined : readAnswer(payload)) ?? badGateway;
}

/** The answer begins with the function's first bytes; what does not stream comes as it is. */
async function stream(run: Run): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  run({
    onStream: (contentType, body) =>
      void readStreamedAnswer(contentType, body).then((answer) => resolve(answer ?? badGateway), reject),
  }).then(
    ({ payload, failed }) =>
      resolve(failed ? badGateway : { status: 200, headers: [["content-type", "application/json"]], body: payload }),
    reject,
  );
  return promise;
}

function tooLarge(): AwsError {
  return new AwsError({ code: "RequestEntityTooLargeException", status: 413, message: "Request Entity Too Large" });
}

const badGateway: HttpResponse = {
  status: 502,
  headers: [["content-type", "text/plain"]],
  body: "Internal Server Error",
};

function refusal(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["x-amzn-errortype", code],
    ],
    body: JSON.stringify({ Message: message }),
  };
}
