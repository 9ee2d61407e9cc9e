import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { expect } from "vitest";
import type { Ids } from "../../../src/base/ids.ts";
import { acknowledged, attempt, below, Possible, type Actor } from "./actor.ts";

/** Makes an API that answers its own version, deploys one version after another, and deletes it. */
export class RestApiActor implements Actor {
  readonly name: string;
  readonly #client: APIGatewayClient;
  readonly #endpoint: string;
  /** What its stage answers; undefined is no stage. */
  readonly #answer: Possible<string | undefined>;
  #api: { readonly id: string; readonly root: string } | undefined;
  readonly #deleted: string[] = [];
  #version = 0;

  constructor(client: APIGatewayClient, name: string, endpoint: string) {
    this.#client = client;
    this.name = name;
    this.#endpoint = endpoint;
    this.#answer = new Possible<string | undefined>(`stage of ${name}`, undefined);
  }

  async step(chance: Ids): Promise<boolean> {
    if (!this.#api) return this.#create();
    return below(chance, 4) === 0 ? this.#delete(this.#api.id) : this.#deploy();
  }

  async #create(): Promise<boolean> {
    const created = await attempt(this.#client.send(new CreateRestApiCommand({ name: this.name })));
    if (created.kind !== "acknowledged") return false;
    const restApiId = created.output.id!;
    const listed = await attempt(this.#client.send(new GetResourcesCommand({ restApiId })));
    if (listed.kind !== "acknowledged") return false;
    const method = { restApiId, resourceId: listed.output.items![0]!.id!, httpMethod: "GET" };
    const requestTemplates = { "application/json": `{"statusCode": 200}` };
    const calls = [
      () => this.#client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" })),
      () => this.#client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" })),
      () => this.#client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates })),
    ];
    for (const call of calls) if (!(await acknowledged(call()))) return false;
    this.#api = { id: restApiId, root: method.resourceId };
    return this.#deploy();
  }

  async #deploy(): Promise<boolean> {
    const { id: restApiId, root: resourceId } = this.#api!;
    const version = `version ${++this.#version}`;
    const respond = new PutIntegrationResponseCommand({
      restApiId,
      resourceId,
      httpMethod: "GET",
      statusCode: "200",
      responseTemplates: { "application/json": version },
    });
    if (!(await acknowledged(this.#client.send(respond)))) return false;
    const deploy = new CreateDeploymentCommand({ restApiId, stageName: "dev" });
    return this.#answer.become(version, () => this.#client.send(deploy));
  }

  async #delete(restApiId: string): Promise<boolean> {
    const known = await this.#answer.become(undefined, () =>
      this.#client.send(new DeleteRestApiCommand({ restApiId })),
    );
    if (!known) return false;
    this.#deleted.push(restApiId);
    this.#api = undefined;
    return true;
  }

  async verify(): Promise<void> {
    if (this.#api) {
      const answer = await this.#call(this.#api.id);
      this.#answer.observe(answer);
      if (answer === undefined) this.#api = undefined;
    }
    const { items } = await this.#client.send(new GetRestApisCommand({ limit: 500 }));
    for (const id of this.#deleted) {
      expect(
        items!.some((api) => api.id === id),
        `API ${id} came back`,
      ).toBe(false);
      expect(await this.#call(id), `API ${id} answers`).toBeUndefined();
    }
    this.#deleted.length = 0;
  }

  async #call(id: string): Promise<string | undefined> {
    const answer = await fetch(`${this.#endpoint}/_aws/execute-api/${id}/dev`);
    expect([200, 403]).toContain(answer.status);
    return answer.status === 200 ? answer.text() : undefined;
  }
}
