import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { call, jsonRequest, rest, signed } from "./aws-calls.ts";
import { httpLoad, httpRequest, type LoadResult } from "./http-load.ts";
import { zip } from "../src/cli/demo/zip.ts";
import { makeBundle } from "../tools/bundle/make-bundle.ts";

/**
 * `npm run bench`: the figures that the project holds itself to, from the built bundle, in about a minute. Prints a table
 * and writes `bench/results.json`. Servers run on core 0 and the load on the others, where `taskset` is there.
 */
const root = resolve(import.meta.dirname, "..");
const seconds = 4;
const rounds = 3;
const pinned = availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;
if (pinned) spawnSync("taskset", ["-apc", `1-${availableParallelism() - 1}`, String(process.pid)]);

const folder = await mkdtemp(join(tmpdir(), "virga-bench-"));
const bundle = join(root, "node_modules/.cache/virga/bundle-for-bench");
const children: ChildProcess[] = [];
const results: Record<string, number | string> = {};
try {
  await makeBundle(bundle);
  await measureStart();
  await measureItems();
  await measureInvocations();
} finally {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
const about = {
  node: process.version,
  cpu: `${availableParallelism()} × ${cpus()[0]?.model ?? "?"}`,
  pinned: String(pinned),
};
writeFileSync(join(root, "bench/results.json"), `${JSON.stringify({ about, results }, undefined, 2)}\n`);
console.log("\nWritten to bench/results.json");

/** Time until health answers, and memory of an idle platform. */
async function measureStart(): Promise<void> {
  const readyMs: number[] = [];
  let idleMb = 0;
  for (let round = 0; round < 5; round++) {
    const directory = await mkdtemp(join(folder, "start-"));
    const startedAt = performance.now();
    const { child, port } = await serve([
      join(bundle, "virga.js"),
      "start",
      "--port",
      "0",
      "--data-dir",
      directory,
      "--log-level",
      "warn",
    ]);
    await fetch(`http://127.0.0.1:${port}/_virga/health`);
    readyMs.push(performance.now() - startedAt);
    await new Promise((done) => setTimeout(done, 500));
    idleMb = residentMb(child);
    await stop(child);
  }
  show("start: health answers after", "startMs", median(readyMs), "ms", "aim ≤ 250");
  show("idle: resident memory", "idleMb", idleMb, "MB", "aim ≤ 90");
}

/** Durable PutItem and GetItem, ours over bare, in turns so that noise meets both. */
async function measureItems(): Promise<void> {
  const ours = await platform("items");
  const bare = await serve([join(root, "bench/bare-server.ts"), join(folder, "bare")]);
  await call(ours.port, "dynamodb", "DynamoDB_20120810.CreateTable", {
    TableName: "items",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  await new Promise((done) => setTimeout(done, 1000));
  // Different texts, which do not compress into nothing.
  const texts = Array.from({ length: 1000 }, () => randomBytes(225).toString("base64"));
  let next = 0;
  const id = () => `user-${String((next = (next * 48_271 + 1) % 100_003)).padStart(19, "0")}`;
  const put = () =>
    jsonRequest("dynamodb", "DynamoDB_20120810.PutItem", {
      TableName: "items",
      Item: itemOf(id(), texts[next % texts.length]!),
    });
  const get = () =>
    jsonRequest("dynamodb", "DynamoDB_20120810.GetItem", { TableName: "items", Key: { id: { S: id() } } });
  for (const [name, request] of [["PutItem", put] as const, ["GetItem", get] as const]) {
    const found: { ours: LoadResult[]; bare: LoadResult[] } = { ours: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      for (const [who, { port }] of [["bare", bare] as const, ["ours", ours] as const]) {
        found[who].push(await httpLoad({ port, connections: 64, seconds: seconds / 2, request }));
      }
    }
    const rate = (who: "ours" | "bare") => median(found[who].map((each) => each.perSecond));
    show(
      `${name}, 64 connections, durable`,
      `${name}PerSecond`,
      rate("ours"),
      "/s",
      `p99 ${median(found.ours.map((each) => each.p99Ms)).toFixed(1)} ms`,
    );
    show(`${name}, bare node:http + JSON + engine`, `${name}BarePerSecond`, rate("bare"), "/s");
    show(`${name}, ours / bare`, `${name}Ratio`, rate("ours") / rate("bare"), "", "aim ≥ 0.6");
  }
  await stop(bare.child);
  await stop(ours.child);
}

/** A trivial Node.js function, warm: through Invoke and through a REST API. */
async function measureInvocations(): Promise<void> {
  const { port, child } = await platform("functions");
  const code = "exports.handler = async () => ({ statusCode: 200, body: 'hello' });\n";
  const role = await call(port, "iam", "", {
    Action: "CreateRole",
    RoleName: "hello",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  await call(port, "iam", "", {
    Action: "PutRolePolicy",
    RoleName: "hello",
    PolicyName: "logs",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "logs:*", Resource: "*" }],
    }),
  });
  const arn = /<Arn>(.*?)<\/Arn>/.exec(role)![1]!;
  await rest(port, "lambda", "POST", "/2015-03-31/functions", {
    FunctionName: "hello",
    Runtime: "nodejs24.x",
    Role: arn,
    Handler: "index.handler",
    Code: { ZipFile: Buffer.from(zip({ "index.js": Buffer.from(code) })).toString("base64") },
  });
  await new Promise((done) => setTimeout(done, 2000));
  const invoke = httpRequest("POST", "/2015-03-31/functions/hello/invocations", signed("lambda"), "{}");
  const request = () => invoke;
  await httpLoad({ port, connections: 4, seconds: 1, request });
  const one = await httpLoad({ port, connections: 1, seconds, request });
  const many = await httpLoad({ port, connections: 16, seconds, request });
  show(
    "Invoke, warm Node.js function, one at a time",
    "invokeP50Ms",
    one.p50Ms,
    "ms",
    `p99 ${one.p99Ms.toFixed(1)} ms`,
  );
  show("Invoke, 16 at a time", "invokePerSecond", many.perSecond, "/s");

  const api = await restApi(port);
  const through = httpRequest("GET", `/_aws/execute-api/${api}/dev/hello`, {}, "");
  await httpLoad({ port, connections: 4, seconds: 1, request: () => through });
  const gateway = await httpLoad({ port, connections: 16, seconds, request: () => through });
  show(
    "API Gateway → Lambda, 16 at a time",
    "apiPerSecond",
    gateway.perSecond,
    "/s",
    `p50 ${gateway.p50Ms.toFixed(1)} ms`,
  );
  await stop(child);
}

async function restApi(port: number): Promise<string> {
  const post = async (method: string, path: string, body: object) =>
    JSON.parse(await rest(port, "apigateway", method, path, body)) as { id: string; rootResourceId: string };
  const { id } = await post("POST", "/restapis", { name: "hello" });
  const top = JSON.parse(await rest(port, "apigateway", "GET", `/restapis/${id}/resources`)) as {
    item?: { id: string }[];
    _embedded?: { item: { id: string } };
  };
  const parent = top._embedded?.item.id ?? top.item![0]!.id;
  const resource = await post("POST", `/restapis/${id}/resources/${parent}`, { pathPart: "hello" });
  const method = `/restapis/${id}/resources/${resource.id}/methods/GET`;
  await post("PUT", method, { authorizationType: "NONE" });
  const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:hello";
  await post("PUT", `${method}/integration`, {
    type: "AWS_PROXY",
    httpMethod: "POST",
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  });
  await rest(port, "lambda", "POST", "/2015-03-31/functions/hello/policy", {
    StatementId: "api",
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
  });
  await post("POST", `/restapis/${id}/deployments`, { stageName: "dev" });
  return id;
}

function platform(name: string): Promise<{ child: ChildProcess; port: number }> {
  const args = ["start", "--port", "0", "--data-dir", join(folder, name), "--log-level", "warn"];
  return serve([join(bundle, "virga.js"), ...args]);
}

/** Starts a server of ours; resolves when it has printed its port. */
async function serve(args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const command = pinned ? ["taskset", "-c", "0", process.execPath, ...args] : [process.execPath, ...args];
  const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let text = "";
  const port = await new Promise<number>((done, failed) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /(?:127\.0\.0\.1:|listening on )(\d+)/.exec(text)?.[1];
      if (found) done(Number(found));
    });
    child.once("exit", (status) => failed(new Error(`${args.join(" ")} ended with ${status}.`)));
  });
  return { child, port };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
}

function itemOf(id: string, text: string): object {
  return { id: { S: id }, name: { S: "Ada Lovelace" }, age: { N: "36" }, note: { S: text } };
}

function residentMb(child: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function show(label: string, name: string, value: number, unit: string, note = ""): void {
  results[name] = Math.round(value * 100) / 100;
  const text = value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
  console.log(`${label.padEnd(48)} ${text.padStart(9)} ${unit.padEnd(3)} ${note}`);
}
