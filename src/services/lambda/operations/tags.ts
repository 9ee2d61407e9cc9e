import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../api/lambda/types.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { functions, type FunctionRow } from "../state.ts";

const maxTags = 50;
const functionArnForm = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:([a-zA-Z0-9-_]+)$/;

/** Only functions can be tagged so far. */
async function requireTagged(snapshot: Snapshot, arn: string): Promise<FunctionRow> {
  const name = functionArnForm.exec(arn)?.[1];
  if (name === undefined) {
    throw new InvalidParameterValueException({
      Type: "User",
      message: `Tags on function aliases and versions are not supported. Please specify either a function, event source mapping or code signing configuration ARN.`,
    });
  }
  const row = await snapshot.get(functions, [name]);
  if (!row) throw new ResourceNotFoundException({ Type: "User", message: `Function not found: ${arn}` });
  return row;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html */
export const tagResource: Handler<LambdaApi["TagResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireTagged(tx, input.Resource);
    const tags = { ...row.tags, ...input.Tags };
    if (Object.keys(tags).length > maxTags) {
      throw new InvalidParameterValueException({ Type: "User", message: "Number of tags exceeds resource tag limit." });
    }
    tx.put(functions, { ...row, tags });
  });
  return {};
};

export const untagResource: Handler<LambdaApi["UntagResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireTagged(tx, input.Resource);
    const tags = Object.fromEntries(Object.entries(row.tags).filter(([key]) => !input.TagKeys.includes(key)));
    tx.put(functions, { ...row, tags });
  });
  return {};
};

export const listTags: Handler<LambdaApi["ListTags"]> = async (input, ctx) => ({
  Tags: { ...(await ctx.read((snapshot) => requireTagged(snapshot, input.Resource))).tags },
});
