import type { ServiceContext } from "../../../kernel/context.ts";
import type { HttpRequest, HttpResponse } from "../../../kernel/http.ts";
import type { Endpoint } from "../../../kernel/service.ts";
import { callCustomIntegration } from "../execution/custom-integration.ts";
import { GatewayRefusal, refusal, refusalResponse } from "../execution/gateway-refusal.ts";
import { LambdaCaller } from "../execution/lambda-caller.ts";
import { callLambdaProxy } from "../execution/lambda-proxy.ts";
import { Router } from "../execution/router.ts";
import { callIds, StageCall, type CallIds } from "../execution/stage-call.ts";
import { apiOwners, snapshots, stages, type ApiOwnerRow, type StageRow } from "../state.ts";

/** A deployment, ready to be called. */
interface DeployedApi {
  readonly router: Router;
  readonly binaryMediaTypes: readonly string[];
  readonly disabled: boolean;
}

const maxOwners = 10_000;
const maxDeployed = 200;

/** Answers calls of deployed APIs. What is deployed never changes, so it is compiled once and kept. */
export function stageEndpoint(): Endpoint {
  const owners = new Map<string, ApiOwnerRow>();
  const deployed = new Map<string, DeployedApi>();
  const lambda = new LambdaCaller();

  async function findOwner(apiId: string, ctx: ServiceContext): Promise<ApiOwnerRow | undefined> {
    const known = owners.get(apiId);
    if (known) return known;
    const owner = await ctx.read((snapshot) => snapshot.get(apiOwners, [apiId]));
    // An id is never given to another account, so only absence may change.
    if (owner) keep(owners, apiId, owner, maxOwners);
    return owner;
  }

  async function findDeployed(stage: StageRow, ctx: ServiceContext): Promise<DeployedApi> {
    const key = `${stage.apiId}/${stage.deploymentId}`;
    const known = deployed.get(key);
    if (known) return known;
    const row = await ctx.read((snapshot) => snapshot.get(snapshots, [stage.apiId, stage.deploymentId]));
    // Deleted between the two reads.
    if (!row) throw refusal.forbidden();
    const api = {
      router: new Router(row),
      binaryMediaTypes: row.binaryMediaTypes,
      disabled: row.disableExecuteApiEndpoint,
    };
    keep(deployed, key, api, maxDeployed);
    return api;
  }

  async function answer(
    request: HttpRequest,
    target: Target,
    ids: CallIds,
    outer: ServiceContext,
  ): Promise<HttpResponse> {
    const owner = await findOwner(target.apiId, outer);
    if (!owner || (target.region !== undefined && target.region !== owner.region)) throw refusal.forbidden();
    const ctx = outer.at(owner.account, owner.region);
    const stage = await ctx.read((snapshot) => snapshot.get(stages, [owner.apiId, target.stage]));
    if (!stage) throw refusal.forbidden();
    const api = await findDeployed(stage, ctx);
    if (api.disabled) throw refusal.forbidden();
    const { path } = target;
    const route = api.router.match(request.method, path);
    if (!route) throw refusal.noRoute();
    const call = new StageCall({ request, stage, route, ctx, ids, path, binaryMediaTypes: api.binaryMediaTypes });
    return route.method.integration.type === "AWS_PROXY"
      ? callLambdaProxy(call, lambda)
      : callCustomIntegration(call, lambda);
  }

  return {
    handle: async (request, match, ctx) => {
      const ids = callIds(request, ctx);
      try {
        return await answer(request, readTarget(request, match), ids, ctx);
      } catch (error) {
        if (!(error instanceof GatewayRefusal)) throw error;
        return refusalResponse(error, ids);
      }
    },
  };
}

interface Target {
  readonly apiId: string;
  readonly stage: string;
  /** Where the address names one. */
  readonly region: string | undefined;
  readonly path: string;
}

/** The stage stands in the path where the API's id stands in the host. */
function readTarget(request: HttpRequest, match: Readonly<Record<string, string | undefined>>): Target {
  const apiId = match["api"]!;
  const region = match["region"];
  if (match["stage"] !== undefined) return { apiId, region, stage: match["stage"], path: match["path"] || "/" };
  const [, stage = "", path = ""] = /^\/+([^/]*)(.*)$/s.exec(request.path) ?? [];
  return { apiId, region, stage, path: path === "" ? "/" : path };
}

function keep<Value>(into: Map<string, Value>, key: string, value: Value, limit: number): void {
  if (into.size >= limit) into.delete(into.keys().next().value!);
  into.set(key, value);
}
