import { createHash } from "node:crypto";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  type LambdaClient,
  ResourceNotFoundException,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { realDelay } from "../../../src/base/clock.ts";
import type { Ids } from "../../../src/base/ids.ts";
import { zip } from "../../harness/functions.ts";
import { attempt, below, Possible, type Actor } from "./actor.ts";

/** Makes a function, gives it other code and deletes it: packages in blobs, states that jobs change. Never invokes it. */
export class FunctionActor implements Actor {
  readonly name: string;
  readonly #client: LambdaClient;
  readonly #roleArn: string;
  /** SHA-256 of its package, as AWS gives it; undefined is no function. */
  readonly #code: Possible<string | undefined>;
  #version = 0;

  constructor(client: LambdaClient, name: string, roleArn: string) {
    this.#client = client;
    this.name = name;
    this.#roleArn = roleArn;
    this.#code = new Possible<string | undefined>(`function ${name}`, undefined);
  }

  async step(chance: Ids): Promise<boolean> {
    const FunctionName = this.name;
    if (this.#code.certain === undefined) {
      const made = this.#package();
      const settings = { Runtime: "nodejs24.x", Handler: "index.handler", Role: this.#roleArn } as const;
      const create = new CreateFunctionCommand({ FunctionName, ...settings, Code: { ZipFile: made.bytes } });
      return this.#code.become(made.sha256, () => this.#client.send(create));
    }
    if ((await attempt(this.#settled())).kind !== "acknowledged") return false;
    if (below(chance, 3) === 0) {
      return this.#code.become(undefined, () => this.#client.send(new DeleteFunctionCommand({ FunctionName })));
    }
    const made = this.#package();
    const update = new UpdateFunctionCodeCommand({ FunctionName, ZipFile: made.bytes });
    return this.#code.become(made.sha256, () => this.#client.send(update));
  }

  #package(): { readonly bytes: Uint8Array; readonly sha256: string } {
    const bytes = zip({ "index.js": `exports.handler = async () => ${++this.#version}; // ${"x".repeat(20_000)}` });
    return { bytes, sha256: sha256Of(bytes) };
  }

  /** The function when no job works on it any more. */
  async #settled(): Promise<GetFunctionCommandOutput | undefined> {
    for (let waits = 0; waits < 500; waits++) {
      const found = await this.#get();
      const { State, LastUpdateStatus } = found?.Configuration ?? {};
      if (!found || (State === "Active" && LastUpdateStatus === "Successful")) return found;
      await realDelay(10);
    }
    throw new Error(`the jobs of function ${this.name} never end`);
  }

  async #get(): Promise<GetFunctionCommandOutput | undefined> {
    try {
      return await this.#client.send(new GetFunctionCommand({ FunctionName: this.name }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async verify(): Promise<void> {
    const found = await this.#settled();
    this.#code.observe(found?.Configuration!.CodeSha256);
    if (!found) return;
    const answer = await fetch(found.Code!.Location!);
    expect(answer.status, `the package of ${this.name}`).toBe(200);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(sha256Of(bytes), `the package of ${this.name}`).toBe(found.Configuration!.CodeSha256);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
