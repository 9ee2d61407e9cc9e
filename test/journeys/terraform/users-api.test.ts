import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sdkConfig } from "../../harness/clients.ts";
import { zip } from "../../harness/functions.ts";
import { VirgaProcess } from "../../harness/virga-process.ts";
import { missing, slow, Workspace } from "./terraform.ts";

const example = resolve(import.meta.dirname, "../../../examples/users-api");
const ada = { id: 1, name: "Ada", email: "ada@example.com" };
const grace = { id: 2, name: "Grace", email: "grace@example.com" };

describe.skipIf(missing)(`the users API by Terraform${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let virga: VirgaProcess;
  let workspace: Workspace;
  let url: string;

  beforeAll(async () => {
    virga = await VirgaProcess.start();
    workspace = await Workspace.open(join(example, "terraform"), join(virga.folder, "users-api"), virga.endpoint);
    await workspace.write("function.zip", zip({ "index.mjs": await readFile(join(example, "index.mjs")) }));
  });
  afterAll(async () => {
    await virga.remove();
    expect(virga.errors).toBe("");
  });

  function call(path: string, method = "GET", body?: unknown): Promise<Response> {
    return fetch(url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  }

  test("what is applied answers, and there is nothing left to plan", slow, async () => {
    await workspace.apply();
    const { api_id: id, stage } = await workspace.outputs();
    url = `${virga.endpoint}/_aws/execute-api/${String(id)}/${String(stage)}`;
    expect(await (await call("/users", "POST", ada)).json()).toEqual(ada);
    expect(await (await call("/users", "PUT", grace)).json()).toEqual(grace);
    const users = (await (await call("/users")).json()) as (typeof ada)[];
    expect(users.toSorted((one, other) => one.id - other.id)).toEqual([ada, grace]);
    expect(await (await call("/welcome/to/the/cloud")).json()).toBe("/welcome/to/the/cloud");
    const preflight = await call("/users", "OPTIONS");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET,POST,PUT,OPTIONS");
    expect(await workspace.plan()).toEqual([]);
  });

  test("a change of the API is deployed to its stage", slow, async () => {
    const source = await readFile(join(example, "terraform/main.tf"), "utf8");
    const changed = source
      .replace("'GET,POST,PUT,OPTIONS'", "'GET,PUT,OPTIONS'")
      .replace(`path_part   = "welcome"`, `path_part   = "hello"`);
    await workspace.write("main.tf", changed);
    await workspace.apply();
    expect((await call("/users", "OPTIONS")).headers.get("access-control-allow-methods")).toBe("GET,PUT,OPTIONS");
    expect(await (await call("/hello/again")).json()).toBe("/hello/again");
    expect((await call("/welcome/again")).status).toBe(403);
    expect(await workspace.plan()).toEqual([]);
  });

  test("destroy leaves nothing", slow, async () => {
    await workspace.destroy();
    expect(await workspace.state()).toEqual([]);
    const client = new APIGatewayClient(sdkConfig(virga.endpoint));
    expect((await client.send(new GetRestApisCommand({}))).items).toEqual([]);
    client.destroy();
  });
});
