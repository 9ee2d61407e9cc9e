import { AwsError } from "../../../api/aws-error.ts";
import { utf8 } from "../../../base/bytes.ts";
import type { AssumedRolePrincipal, Principal, ServicePrincipal } from "../../../kernel/principal.ts";
import { parseLambdaUri, type LambdaTarget } from "../integrations/lambda-uri.ts";
import { GatewayRefusal, refusal } from "./gateway-refusal.ts";
import type { StageCall } from "./stage-call.ts";

export interface LambdaAnswer {
  /** JSON text; empty for what was not waited for. */
  readonly payload: string;
  /** The function threw, or ended otherwise without an answer. */
  readonly failed: boolean;
}

const sessionMs = 3_600_000;
/** A session is not used in its last minutes. */
const marginMs = 300_000;
const maxSessions = 1000;

/** Why a deadline is given up; made once, since an AbortController would make an exception each time. */
const answered = new Error("The function has answered.");

/** Calls functions for integrations, and keeps the sessions of the roles with which some do. */
export class LambdaCaller {
  readonly #sessions = new Map<string, AssumedRolePrincipal>();

  /** @throws {GatewayRefusal} where the function cannot be reached or takes too long. */
  async invoke(call: StageCall, payload: string, asynchronous = false): Promise<LambdaAnswer> {
    const { integration } = call.route.method;
    const target = parseLambdaUri(integration.uri!, call.variables);
    if (!target) throw misconfigured(call, `The integration's URI names no Lambda function: ${integration.uri}`);
    if (integration.httpMethod !== "POST") {
      throw misconfigured(
        call,
        `Lambda functions are invoked with POST, but the integration's httpMethod is ${integration.httpMethod}. Put the integration with --integration-http-method POST.`,
      );
    }
    const deadline = new AbortController();
    const timeout = call.ctx.clock.until(call.receivedAt + integration.timeoutInMillis, deadline.signal).then(
      () => Promise.reject(refusal.timeout()),
      // Aborted: the function was faster.
      () => new Promise<never>(() => {}),
    );
    try {
      return await Promise.race([this.#invoke(call, target, payload, asynchronous), timeout]);
    } finally {
      deadline.abort(answered);
    }
  }

  async #invoke(call: StageCall, target: LambdaTarget, payload: string, asynchronous: boolean): Promise<LambdaAnswer> {
    try {
      const { account, region } = target;
      const principal = await this.#principal(call);
      const answer = await call.ctx.aws(principal, { account, region }).lambda.Invoke({
        FunctionName: target.name,
        ...(target.qualifier !== undefined && { Qualifier: target.qualifier }),
        Payload: utf8(payload),
        ...(asynchronous && { InvocationType: "Event" as const }),
      });
      const bytes = answer.Payload ?? new Uint8Array(0);
      return {
        payload: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
        failed: answer.FunctionError !== undefined,
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw explain(call, target, error);
    }
  }

  async #principal(call: StageCall): Promise<Principal> {
    const gateway: ServicePrincipal = {
      kind: "service",
      service: "apigateway.amazonaws.com",
      sourceArn: call.arn,
      sourceAccount: call.ctx.account,
    };
    const { credentials } = call.route.method.integration;
    return credentials === undefined ? gateway : this.#assume(call, gateway, credentials);
  }

  async #assume(call: StageCall, gateway: ServicePrincipal, roleArn: string): Promise<AssumedRolePrincipal> {
    const now = call.ctx.clock.now();
    const key = `${call.apiId} ${roleArn}`;
    const kept = this.#sessions.get(key);
    if (kept && now < kept.session.issuedAt + sessionMs - marginMs) return kept;
    const { AssumedRoleUser: user } = await call.ctx.aws(gateway).sts.AssumeRole({
      RoleArn: roleArn,
      RoleSessionName: "BackplaneAssumeRoleSession",
      DurationSeconds: sessionMs / 1000,
    });
    const [roleId = "", sessionName = ""] = user!.AssumedRoleId.split(":");
    const principal: AssumedRolePrincipal = {
      kind: "assumed-role",
      account: roleArn.split(":")[4]!,
      arn: user!.Arn,
      roleArn,
      roleName: roleArn.slice(roleArn.lastIndexOf("/") + 1),
      roleId,
      sessionName,
      session: { policies: [], tags: {}, issuedAt: now },
    };
    if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(key, principal);
    return principal;
  }
}

/** What the client hears of a call that Lambda refused; the developer hears more, in the log. */
function explain(call: StageCall, target: LambdaTarget, error: AwsError): GatewayRefusal {
  switch (error.code) {
    case "InvalidRequestContentException":
      return new GatewayRefusal(400, error.message, "BadRequestException");
    case "RequestTooLargeException":
      return new GatewayRefusal(413, "Request Too Long", "RequestTooLargeException");
    case "AccessDeniedException":
    case "AccessDenied":
      return call.route.method.integration.credentials === undefined
        ? misconfigured(
            call,
            `API Gateway may not invoke the function ${target.name}. Allow it with: ${permit(call, target)}`,
          )
        : misconfigured(call, error.message);
    default:
      return misconfigured(call, `${error.code}: ${error.message}`);
  }
}

function permit(call: StageCall, target: LambdaTarget): string {
  const api = `arn:aws:execute-api:${call.ctx.region}:${call.ctx.account}:${call.apiId}`;
  const qualifier = target.qualifier === undefined ? "" : ` --qualifier '${target.qualifier}'`;
  return `aws lambda add-permission --function-name ${target.name}${qualifier} --statement-id apigateway-${call.apiId} --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn '${api}/*'`;
}

/** The client learns only that something is wrong; why stands in the log. */
export function misconfigured(call: StageCall, why: string): GatewayRefusal {
  call.ctx.log.warn(`An API could not answer. ${why}`, { method: call.arn, requestId: call.ids.requestId });
  return refusal.misconfigured();
}
