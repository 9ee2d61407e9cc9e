import { InvalidParameterException, TooManyTagsException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { nameOfLogGroupArn, requireLogGroup } from "../find-log-group.ts";
import { logGroups } from "../state.ts";

type Tags = Readonly<Record<string, string>>;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html */
const maxTags = 50;

async function changeTags(ctx: RequestContext, groupName: string, change: (tags: Tags) => Tags): Promise<void> {
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, groupName);
    const tags = change(group.tags);
    if (Object.keys(tags).length > maxTags) {
      throw new TooManyTagsException({
        message: `A resource can have no more than ${maxTags} tags.`,
        resourceName: groupName,
      });
    }
    tx.put(logGroups, { ...group, tags });
  });
}

async function readTags(ctx: RequestContext, groupName: string): Promise<Record<string, string>> {
  return { ...(await ctx.read((snapshot) => requireLogGroup(snapshot, groupName))).tags };
}

function without(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

function groupNameOfArn(arn: string): string {
  const name = nameOfLogGroupArn(arn);
  if (name === undefined)
    throw new InvalidParameterException({ message: `The specified resource ARN is not that of a log group: ${arn}` });
  return name;
}

export const tagResource: Handler<CloudWatchLogsApi["TagResource"]> = async (input, ctx) => {
  await changeTags(ctx, groupNameOfArn(input.resourceArn), (tags) => ({ ...tags, ...input.tags }));
  return {};
};

export const untagResource: Handler<CloudWatchLogsApi["UntagResource"]> = async (input, ctx) => {
  await changeTags(ctx, groupNameOfArn(input.resourceArn), (tags) => without(tags, input.tagKeys));
  return {};
};

export const listTagsForResource: Handler<CloudWatchLogsApi["ListTagsForResource"]> = async (input, ctx) => ({
  tags: await readTags(ctx, groupNameOfArn(input.resourceArn)),
});

export const tagLogGroup: Handler<CloudWatchLogsApi["TagLogGroup"]> = async (input, ctx) => {
  await changeTags(ctx, input.logGroupName, (tags) => ({ ...tags, ...input.tags }));
  return {};
};

export const untagLogGroup: Handler<CloudWatchLogsApi["UntagLogGroup"]> = async (input, ctx) => {
  await changeTags(ctx, input.logGroupName, (tags) => without(tags, input.tags));
  return {};
};

export const listTagsLogGroup: Handler<CloudWatchLogsApi["ListTagsLogGroup"]> = async (input, ctx) => ({
  tags: await readTags(ctx, input.logGroupName),
});
