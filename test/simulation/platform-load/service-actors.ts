import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolesCommand,
  NoSuchEntityException,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { expect } from "vitest";
import { SystemClock } from "../../../src/base/clock.ts";
import type { Ids } from "../../../src/base/ids.ts";
import { lambdaTrust } from "../../harness/functions.ts";
import { acknowledged, below, Possible, type Actor } from "./actor.ts";

const clock = new SystemClock();
const logGroupName = "load";

/** Writes batches of events into a stream of its own: each is there as a whole, in its place, or not at all. */
export class LogActor implements Actor {
  readonly name: string;
  readonly #client: CloudWatchLogsClient;
  #messages: readonly string[] = [];
  #perhaps: readonly string[] = [];
  #batch = 0;

  constructor(client: CloudWatchLogsClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  /** Makes the group and the stream, once. */
  async prepare(): Promise<void> {
    await this.#client.send(new CreateLogGroupCommand({ logGroupName }));
    await this.#client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: this.name }));
  }

  async step(chance: Ids): Promise<boolean> {
    const batch = ++this.#batch;
    const messages = Array.from({ length: 1 + below(chance, 6) }, (_, at) => `batch ${batch} event ${at}`);
    this.#perhaps = messages;
    const timestamp = clock.now();
    const logEvents = messages.map((message) => ({ message, timestamp }));
    const put = new PutLogEventsCommand({ logGroupName, logStreamName: this.name, logEvents });
    if (!(await acknowledged(this.#client.send(put)))) return false;
    this.#messages = [...this.#messages, ...messages];
    this.#perhaps = [];
    return true;
  }

  async verify(): Promise<void> {
    const found: string[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const page = await this.#client.send(
        new GetLogEventsCommand({ logGroupName, logStreamName: this.name, startFromHead: true, nextToken }),
      );
      found.push(...page.events!.map(({ message }) => message!));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    expect([this.#messages, [...this.#messages, ...this.#perhaps]], "log events").toContainEqual(found);
    this.#messages = found;
    this.#perhaps = [];
  }
}

interface RoleState {
  readonly policy: string | undefined;
}

/** Makes a role, gives it policies, takes them away and deletes it. */
export class RoleActor implements Actor {
  readonly name: string;
  readonly #client: IAMClient;
  readonly #role: Possible<RoleState | undefined>;
  #version = 0;

  constructor(client: IAMClient, name: string) {
    this.#client = client;
    this.name = name;
    this.#role = new Possible<RoleState | undefined>(`role ${name}`, undefined);
  }

  step(chance: Ids): Promise<boolean> {
    const role = this.#role.certain;
    const RoleName = this.name;
    if (!role) {
      const create = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: lambdaTrust });
      return this.#role.become({ policy: undefined }, () => this.#client.send(create));
    }
    if (!role.policy || below(chance, 3) > 0) {
      const policy = `arn:aws:s3:::version-${++this.#version}`;
      const put = new PutRolePolicyCommand({ RoleName, PolicyName: "load", PolicyDocument: document(policy) });
      return this.#role.become({ policy }, () => this.#client.send(put));
    }
    return this.#delete();
  }

  async #delete(): Promise<boolean> {
    const remove = new DeleteRolePolicyCommand({ RoleName: this.name, PolicyName: "load" });
    if (!(await this.#role.become({ policy: undefined }, () => this.#client.send(remove)))) return false;
    return this.#role.become(undefined, () => this.#client.send(new DeleteRoleCommand({ RoleName: this.name })));
  }

  async verify(): Promise<void> {
    const { Roles: roles } = await this.#client.send(new ListRolesCommand({}));
    const isListed = roles!.some(({ RoleName }) => RoleName === this.name);
    this.#role.observe(isListed ? { policy: await this.#policy() } : undefined);
  }

  async #policy(): Promise<string | undefined> {
    try {
      const get = new GetRolePolicyCommand({ RoleName: this.name, PolicyName: "load" });
      const { PolicyDocument } = await this.#client.send(get);
      return /version-\d+/.exec(decodeURIComponent(PolicyDocument!)) ? resourceOf(PolicyDocument!) : "damaged";
    } catch (error) {
      if (error instanceof NoSuchEntityException) return undefined;
      throw error;
    }
  }
}

const document = (Resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:GetObject", Resource } });
const resourceOf = (encoded: string) =>
  (JSON.parse(decodeURIComponent(encoded)) as { Statement: { Resource: string } }).Statement.Resource;

/** Makes a log group, fills it and deletes it, so that a job has to take away what was in it; then begins again. */
export class LogGroupActor implements Actor {
  readonly name: string;
  readonly #client: CloudWatchLogsClient;
  readonly #exists: Possible<boolean>;
  #generation = 0;

  constructor(client: CloudWatchLogsClient, name: string) {
    this.#client = client;
    this.name = name;
    this.#exists = new Possible<boolean>(`log group ${name}`, false);
  }

  async step(): Promise<boolean> {
    const logGroupName = this.name;
    if (this.#exists.certain) {
      return this.#exists.become(false, () => this.#client.send(new DeleteLogGroupCommand({ logGroupName })));
    }
    const generation = ++this.#generation;
    if (!(await this.#exists.become(true, () => this.#client.send(new CreateLogGroupCommand({ logGroupName }))))) {
      return false;
    }
    for (const stream of ["a", "b", "c"]) {
      const logStreamName = `${stream}-${generation}`;
      const create = new CreateLogStreamCommand({ logGroupName, logStreamName });
      if (!(await acknowledged(this.#client.send(create)))) return false;
      const timestamp = clock.now();
      const logEvents = Array.from({ length: 60 }, () => ({ message: `generation ${generation}`, timestamp }));
      const put = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
      if (!(await acknowledged(this.#client.send(put)))) return false;
    }
    return true;
  }

  async verify(): Promise<void> {
    const logGroupName = this.name;
    const listed = await this.#client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    const exists = listed.logGroups!.some((group) => group.logGroupName === logGroupName);
    this.#exists.observe(exists);
    if (!exists) return;
    const { logStreams } = await this.#client.send(new DescribeLogStreamsCommand({ logGroupName }));
    for (const { logStreamName } of logStreams!) {
      expect(logStreamName, "no stream of an earlier group came back").toMatch(new RegExp(`-${this.#generation}$`));
    }
    const { events } = await this.#client.send(new FilterLogEventsCommand({ logGroupName }));
    const messages = new Set(events!.map(({ message }) => message));
    expect(messages.difference(new Set([`generation ${this.#generation}`])), "events of an earlier group").toEqual(
      new Set(),
    );
  }
}
