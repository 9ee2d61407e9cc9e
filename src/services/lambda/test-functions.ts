import type { CreateFunctionRequest } from "../../api/lambda/types.ts";
import { makeRole, zip } from "../../../test/harness/functions.ts";
import type { TestPlatform } from "../../../test/harness/platform.ts";
import type { MovableClock } from "../../base/clock.ts";

/** Makes a function of the name `f` from one source file and waits until it is active. */
export async function makeFunction(
  platform: TestPlatform<MovableClock>,
  source: string,
  more: Partial<CreateFunctionRequest> = {},
): Promise<void> {
  const aws = platform.aws();
  await aws.lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: more.Role ?? (await makeRole(aws, `role-of-${more.FunctionName ?? "f"}`)),
    Code: { ZipFile: zip({ "index.js": source }) },
    ...more,
  });
  await platform.idle();
}

/** The JSON that an invocation answered. */
export function payloadOf(answer: { readonly Payload?: Uint8Array | undefined }): unknown {
  return JSON.parse(Buffer.from(answer.Payload!).toString());
}
