import type { APIGatewayApi } from "../../../api/apigateway/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Snapshot, Transaction } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireApi, requireStage } from "../records.ts";
import { badRequest, notImplemented } from "../refusals.ts";
import { checkTags } from "../rest-apis/check-settings.ts";
import { restApis, stages } from "../state.ts";

type Tags = Readonly<Record<string, string>>;

interface Tagged {
  readonly tags: Tags;
  replace(tx: Transaction, tags: Tags): void;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetTags.html */
export const getTags: Handler<APIGatewayApi["GetTags"]> = async (input, ctx) => ({
  tags: { ...(await ctx.read((snapshot) => requireTagged(snapshot, input.resourceArn, ctx))).tags },
});

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html */
export const tagResource: Handler<APIGatewayApi["TagResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const tagged = await requireTagged(tx, input.resourceArn, ctx);
    const tags = Object.fromEntries([...Object.entries(tagged.tags), ...Object.entries(input.tags)]);
    checkTags(tags);
    tagged.replace(tx, tags);
  });
  return {};
};

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UntagResource.html */
export const untagResource: Handler<APIGatewayApi["UntagResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const tagged = await requireTagged(tx, input.resourceArn, ctx);
    tagged.replace(tx, Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !input.tagKeys.includes(key))));
  });
  return {};
};

const arnForm =
  /^arn:aws[a-z-]*:apigateway:(?<region>[a-z0-9-]+)::\/restapis\/(?<api>[a-z0-9]+)(?:\/stages\/(?<stage>[^/]+))?$/;

async function requireTagged(snapshot: Snapshot, arn: string, ctx: RequestContext): Promise<Tagged> {
  const named = arnForm.exec(arn)?.groups;
  if (named?.["region"] !== ctx.region) {
    if (/:apigateway:[^:]*::\/(?:apikeys|usageplans|domainnames|vpclinks|clientcertificates)\//.test(arn)) {
      throw notImplemented(`what ${arn} names`);
    }
    throw badRequest("Invalid ARN specified in the request");
  }
  const api = await requireApi(snapshot, ctx, named["api"]!);
  if (named["stage"] === undefined) {
    return { tags: api.tags, replace: (tx, tags) => tx.put(restApis, { ...api, tags }) };
  }
  const stage = await requireStage(snapshot, api.id, named["stage"]);
  return { tags: stage.tags, replace: (tx, tags) => tx.put(stages, { ...stage, tags }) };
}
