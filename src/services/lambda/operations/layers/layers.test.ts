import { afterEach, beforeEach, expect, test } from "vitest";
import type { PublishLayerVersionRequest } from "../../../../api/lambda/types.ts";
import type { SystemClock } from "../../../../base/clock.ts";
import { zip } from "../../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction, payloadOf } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:layer:";
let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
});
afterEach(() => platform.close());

const publish = async (
  LayerName: string,
  files: Readonly<Record<string, string>> = { "a.txt": "a" },
  more: Partial<PublishLayerVersionRequest> = {},
) => lambda.PublishLayerVersion({ LayerName, Content: { ZipFile: zip(files, { "bin/tool": 0o100755 }) }, ...more });

test("a layer version is numbered, described and downloadable", async () => {
  const bytes = zip({ "a.txt": "a" });
  const published = await publish("l", undefined, {
    Description: "d",
    LicenseInfo: "MIT",
    CompatibleRuntimes: ["nodejs24.x"],
    CompatibleArchitectures: ["arm64"],
  });
  expect(published).toEqual({
    LayerArn: `${arn}l`,
    LayerVersionArn: `${arn}l:1`,
    Version: 1,
    Description: "d",
    LicenseInfo: "MIT",
    CompatibleRuntimes: ["nodejs24.x"],
    CompatibleArchitectures: ["arm64"],
    CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    Content: {
      Location: expect.stringContaining("/_aws/lambda/packages/us-east-1/"),
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      CodeSize: bytes.byteLength,
    },
  });
  expect(await lambda.GetLayerVersion({ LayerName: "l", VersionNumber: 1 })).toEqual(published);
  expect(await lambda.GetLayerVersion({ LayerName: `${arn}l`, VersionNumber: 1 })).toEqual(published);
  expect(await lambda.GetLayerVersionByArn({ Arn: `${arn}l:1` })).toEqual(published);
  const download = await fetch(published.Content!.Location!);
  expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
  for (const [VersionNumber, code, message] of [
    [2, "ResourceNotFoundException", "The resource you requested does not exist."],
    [0, "InvalidParameterValueException", "Layer Version Cannot be less than 1"],
  ] as const) {
    await expect(lambda.GetLayerVersion({ LayerName: "l", VersionNumber })).rejects.toMatchObject({ code, message });
  }
  await expect(publish("l", undefined, { Content: {} })).rejects.toMatchObject({ status: 400 });
});

test("a Node.js function finds modules, programs and files of its layers; a later layer covers an earlier one", async () => {
  const first = await publish("first", {
    "nodejs/node_modules/greet/index.js": "module.exports = 'first'",
    "nodejs/node_modules/only/index.js": "module.exports = 'only in the first'",
    "bin/tool": "#!/bin/sh\necho tool",
  });
  const second = await publish("second", { "nodejs/node24/node_modules/greet/index.js": "module.exports = 'second'" });
  const Layers = [first.LayerVersionArn!, second.LayerVersionArn!];
  await makeFunction(
    platform,
    `exports.handler = async () => [require("greet"), require("only"), require("child_process").execSync("tool").toString()]`,
    { Layers },
  );
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f" }))).toEqual(["second", "only in the first", "tool\n"]);
  expect(await lambda.GetFunctionConfiguration({ FunctionName: "f" })).toMatchObject({
    Layers: Layers.map((Arn) => ({ Arn, CodeSize: expect.any(Number) })),
  });
  await lambda.UpdateFunctionConfiguration({ FunctionName: "f", Layers: [first.LayerVersionArn!] });
  await platform.idle();
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f" }))).toMatchObject({ 0: "first" });
  await lambda.UpdateFunctionConfiguration({ FunctionName: "f", Layers: [] });
  await platform.idle();
  expect(await lambda.GetFunctionConfiguration({ FunctionName: "f" })).not.toHaveProperty("Layers");
  expect((await lambda.Invoke({ FunctionName: "f" })).FunctionError).toBe("Unhandled");
});

test("a Python function imports from its layers, and a custom runtime starts from one", async () => {
  const { LayerVersionArn } = await publish("py", {
    "python/greet.py": "WORD = 'from the layer'\n",
    "python/lib/python3.13/site-packages/deep.py": "WORD = 'deeper'\n",
  });
  await makeFunction(platform, "", {
    Runtime: "python3.13",
    Handler: "app.handler",
    Timeout: 10,
    Layers: [LayerVersionArn!],
    Code: { ZipFile: zip({ "app.py": "import greet, deep\ndef handler(e, c): return [greet.WORD, deep.WORD]\n" }) },
  });
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f" }))).toEqual(["from the layer", "deeper"]);

  const bootstrap = `#!/bin/sh
id=$(curl -sD - -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next" | tr -d '\\r' | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
curl -s -d '"by the layer"' "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response"
sleep 60`;
  const Content = { ZipFile: zip({ bootstrap }, { bootstrap: 0o100755 }) };
  const custom = await lambda.PublishLayerVersion({ LayerName: "custom", Content });
  await makeFunction(platform, "", {
    FunctionName: "g",
    Runtime: "provided.al2023",
    Timeout: 10,
    Layers: [custom.LayerVersionArn!],
  });
  expect(payloadOf(await lambda.Invoke({ FunctionName: "g" }))).toBe("by the layer");
});

test("layers that cannot be used together, or do not exist, are refused", async () => {
  await makeFunction(platform, "exports.handler = async () => 1");
  const set = (Layers: string[]) => lambda.UpdateFunctionConfiguration({ FunctionName: "f", Layers });
  await publish("l");
  await publish("l");
  const refused = { code: "InvalidParameterValueException", status: 400 };
  await expect(set([`${arn}none:1`])).rejects.toMatchObject({
    ...refused,
    message: `Layer version ${arn}none:1 does not exist.`,
  });
  await expect(set([`${arn}l:1`, `${arn}l:2`])).rejects.toMatchObject({
    ...refused,
    message: `Two different versions of the same layer are not allowed to be referenced in the same function. ${arn}l:1 and ${arn}l:2 are versions of the same layer.`,
  });
  await expect(set([`${arn}l:1`.replace("us-east-1", "eu-west-1")])).rejects.toMatchObject({
    ...refused,
    message: "Layers are not in the same region as the function. Layers are expected to be in region us-east-1.",
  });
  await expect(set([1, 2, 3, 4, 5, 6].map((n) => `${arn}l${n}:1`))).rejects.toMatchObject({
    ...refused,
    message: "Cannot reference more than 5 layers.",
  });
});

test("code and layers hold at most 250 MB together", async () => {
  const ZipFile = zip({ big: new Uint8Array(140_000_000) });
  const one = await lambda.PublishLayerVersion({ LayerName: "one", Content: { ZipFile } });
  const two = await lambda.PublishLayerVersion({ LayerName: "two", Content: { ZipFile } });
  await makeFunction(platform, "exports.handler = async () => 1");
  await expect(
    lambda.UpdateFunctionConfiguration({
      FunctionName: "f",
      Layers: [one.LayerVersionArn!, two.LayerVersionArn!],
    }),
  ).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringMatching(
      /^Function code combined with layers exceeds the maximum allowed size of 262144000 bytes\. The actual size is 2800000\d\d bytes\.$/,
    ),
  });
});

test("layers are listed with their newest version that fits, and versions from the newest", async () => {
  await publish("a", undefined, { CompatibleRuntimes: ["nodejs24.x"] });
  await publish("a", undefined, { CompatibleRuntimes: ["python3.13"] });
  await publish("b");
  const newest = async (more: object = {}) =>
    (await lambda.ListLayers(more)).Layers!.map((layer) => layer.LatestMatchingVersion!.LayerVersionArn);
  expect(await newest()).toEqual([`${arn}a:2`, `${arn}b:1`]);
  expect(await newest({ CompatibleRuntime: "nodejs24.x" })).toEqual([`${arn}a:1`]);
  const { Layers, NextMarker } = await lambda.ListLayers({ MaxItems: 1 });
  expect(Layers).toMatchObject([{ LayerName: "a", LayerArn: `${arn}a` }]);
  expect(await newest({ Marker: NextMarker })).toEqual([`${arn}b:1`]);
  const numbers = async (more: object = {}) =>
    (await lambda.ListLayerVersions({ LayerName: "a", ...more })).LayerVersions!.map(({ Version }) => Version);
  expect(await numbers()).toEqual([2, 1]);
  const page = await lambda.ListLayerVersions({ LayerName: "a", MaxItems: 1 });
  expect(await numbers({ Marker: page.NextMarker })).toEqual([1]);
  expect(await numbers({ LayerName: "none" })).toEqual([]);
});

test("a deleted version still runs where it was used, and its number is not given again", async () => {
  const { LayerVersionArn } = await publish("l", { "nodejs/node_modules/greet/index.js": "module.exports = 'hi'" });
  await makeFunction(platform, `exports.handler = async () => require("greet")`, { Layers: [LayerVersionArn!] });
  await lambda.DeleteLayerVersion({ LayerName: "l", VersionNumber: 1 });
  await lambda.DeleteLayerVersion({ LayerName: "l", VersionNumber: 1 });
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f" }))).toBe("hi");
  await expect(lambda.GetLayerVersionByArn({ Arn: LayerVersionArn! })).rejects.toMatchObject({ status: 404 });
  expect((await lambda.ListLayers({})).Layers).toEqual([]);
  expect((await publish("l")).Version).toBe(2);
});

test("another account uses a layer only when a statement lets it", async () => {
  await publish("l");
  const other = platform.aws(undefined, { account: "111122223333" }).lambda;
  const read = () => other.GetLayerVersionByArn({ Arn: `${arn}l:1` });
  await expect(read()).rejects.toMatchObject({ code: "AccessDeniedException", status: 403 });
  const version = { LayerName: "l", VersionNumber: 1 };
  await expect(lambda.GetLayerVersionPolicy(version)).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "No policy is associated with the given resource.",
  });
  const allow = (more: object = {}) =>
    lambda.AddLayerVersionPermission({
      ...version,
      StatementId: "s",
      Action: "lambda:GetLayerVersion",
      Principal: "111122223333",
      ...more,
    });
  const { Statement, RevisionId } = await allow();
  expect(JSON.parse(Statement!)).toEqual({
    Sid: "s",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "lambda:GetLayerVersion",
    Resource: `${arn}l:1`,
  });
  expect(await read()).toMatchObject({ LayerVersionArn: `${arn}l:1` });
  const policy = await lambda.GetLayerVersionPolicy(version);
  expect(policy.RevisionId).toBe(RevisionId);
  expect(JSON.parse(policy.Policy!).Statement).toEqual([JSON.parse(Statement!)]);
  await expect(allow()).rejects.toMatchObject({ code: "ResourceConflictException" });
  await expect(allow({ StatementId: "t", RevisionId: "old" })).rejects.toMatchObject({ status: 412 });
  await expect(allow({ VersionNumber: 9 })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: `Layer version ${arn}l:9 does not exist.`,
  });
  await lambda.RemoveLayerVersionPermission({ ...version, StatementId: "s" });
  await expect(read()).rejects.toMatchObject({ code: "AccessDeniedException" });
  await expect(lambda.RemoveLayerVersionPermission({ ...version, StatementId: "s" })).rejects.toMatchObject({
    message: "Statement s is not found in resource policy.",
  });
});
