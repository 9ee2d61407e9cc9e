import { expect, test } from "vitest";
import { makeRole, zip } from "../../test/harness/functions.ts";
import { testPlatform } from "../../test/harness/platform.ts";

test("blobs that no record names are collected, those that one names stay", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  const orphan = await platform.blobs.put(Buffer.from("of a transaction that failed"));
  const Code = { ZipFile: zip({ "i.js": "" }) };
  await lambda.CreateFunction({ FunctionName: "f", Runtime: "nodejs22.x", Handler: "i.h", Role, Code });
  await platform.idle();
  for (let hour = 0; hour < 49; hour++) await platform.clock.advance(3_600_000);
  await expect(Array.fromAsync(platform.blobs.get(orphan.id))).rejects.toThrow();
  const { Code: stored } = await lambda.GetFunction({ FunctionName: "f" });
  const id = stored!.Location!.split("/").at(-1)!;
  expect(Buffer.concat(await Array.fromAsync(platform.blobs.get(id)))).toEqual(Buffer.from(Code.ZipFile));
  await platform.close();
});

test("an operation that is not built answers 501 and names itself, built service or not", async () => {
  const platform = await testPlatform();
  await expect(platform.aws().dynamodb.ImportTable({} as never)).rejects.toMatchObject({
    status: 501,
    code: "NotImplemented",
    message: expect.stringContaining("Amazon DynamoDB: ImportTable is not implemented by Virga yet"),
  });
  await expect(platform.aws().sqs.ListQueues({})).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining("ListQueues is not implemented by Virga yet"),
  });
  await platform.close();
});

test("calls between rooms are validated and authorized like any request", async () => {
  const platform = await testPlatform();
  await expect(platform.aws().logs.CreateLogGroup({ logGroupName: "***" })).rejects.toMatchObject({
    message: expect.stringContaining("failed to satisfy constraint"),
  });
  const stranger = platform.aws({ kind: "service", service: "events.amazonaws.com" });
  await expect(stranger.logs.CreateLogGroup({ logGroupName: "a" })).rejects.toMatchObject({
    code: "AccessDeniedException",
  });
  await platform.close();
});
