import { inspect } from "node:util";
import { AwsError } from "../../../src/api/aws-error.ts";
import type { SystemClock } from "../../../src/base/clock.ts";
import type { ServiceModel } from "../../../src/api/model.ts";
import type { RequestFacts } from "../../../src/kernel/dispatch.ts";
import type { Principal } from "../../../src/kernel/principal.ts";
import { serviceProtocols } from "../../../src/gateway/protocols/service-protocols.ts";
import { testAccount, testRegion, type TestPlatform } from "../../harness/platform.ts";
import { Chance } from "./chance.ts";
import { KnownValues } from "./known-values.ts";
import { InputMaker } from "./make-input.ts";
import { misfits } from "./misfits.ts";
import { ReadMembers } from "./read-members.ts";
import type { RealClients } from "./real-clients.ts";
import { seedCalls, type Answers } from "./seed-calls.ts";

/** How long one call may take before it counts as hanging. */
const hangsAfterMs = 10_000;
/** Processor time of this whole process, so with much to spare. */
const burnsAfterMs = 5_000;
const inputsKept = 12;

interface Operation {
  readonly name: string;
  readonly model: ServiceModel;
  /** Inputs that succeeded, to be changed a little. */
  readonly worked: Record<string, unknown>[];
  /** How often it is chosen: what deletes or starts processes less often. */
  readonly weight: number;
}

type Outcome = { readonly output: unknown } | { readonly refused: AwsError } | { readonly failed: string };

/** Calls the operations of a platform with inputs made by chance, and keeps what should not have happened. */
export class Fuzzer {
  readonly found = new Map<string, string>();
  readonly members = new ReadMembers();
  readonly succeeded = new Set<string>();
  readonly refusals = new Map<string, number>();
  /** Where the time goes, by operation. */
  readonly spentMs = new Map<string, number>();
  calls = 0;
  readonly #platform: TestPlatform<SystemClock>;
  readonly #chance: Chance;
  readonly #known = new KnownValues();
  readonly #operations: readonly Operation[];
  readonly #total: number;
  readonly #makers = new Map<ServiceModel, InputMaker>();
  #user: Principal = root;
  #seeded = 0;

  private constructor(platform: TestPlatform<SystemClock>, operations: readonly Operation[], seed: number) {
    this.#platform = platform;
    this.#operations = operations;
    this.#total = operations.reduce((sum, { weight }) => sum + weight, 0);
    this.#chance = new Chance(seed);
    for (const { model } of operations) {
      if (!this.#makers.has(model)) this.#makers.set(model, new InputMaker(model, this.#known, this.#chance));
    }
  }

  /** Every implemented operation of every registered service. */
  static async of(platform: TestPlatform<SystemClock>, seed: number): Promise<Fuzzer> {
    const operations: Operation[] = [];
    for (const { name } of platform.kernel.options.registrations) {
      const [definition, model] = await Promise.all([platform.kernel.definition(name), platform.kernel.model(name)]);
      for (const operation of Object.keys(definition!.operations)) {
        const weight = operation.startsWith("Invoke") ? 0.05 : /^(Delete|Remove|Detach)/.test(operation) ? 0.2 : 1;
        operations.push({ name: operation, model, worked: [], weight });
      }
    }
    return new Fuzzer(platform, operations, seed);
  }

  get names(): readonly string[] {
    return this.#operations.map(({ name, model }) => `${model.name}.${name}`);
  }

  /** Makes one of each resource; every call of it must succeed. */
  async seed(): Promise<void> {
    await this.#makeUser();
    const answers: Record<string, unknown> = {};
    for (const { service, operation, input } of seedCalls(this.#seeded++)) {
      const called = this.#operations.find(({ name, model }) => name === operation && model.name === service);
      if (!called) throw new Error(`${service}.${operation} is not implemented; take it out of seed-calls.ts`);
      const outcome = await this.#call(called, input(answers as unknown as Answers));
      if ("output" in outcome) answers[operation] = outcome.output;
      else if ("refused" in outcome && this.#seeded === 1) this.#find(called, "refused a good call", outcome.refused);
      // A later seed may name what was deleted or reach a quota; then there is simply nothing new of it.
      if (!("output" in outcome)) answers[operation] ??= nothingMade;
      // Tables and functions are made and changed in the background, and what follows uses them.
      if (/^(Create(Table|Function)|UpdateFunction.*)$/.test(operation)) await this.#platform.idle();
    }
  }

  /** Who makes some of the calls, so that policies are asked, as they never are for root. */
  async #makeUser(): Promise<void> {
    const { iam } = this.#platform.aws();
    const UserName = `fuzzer-${this.#seeded}`;
    const { User } = await iam.CreateUser({ UserName });
    await iam.PutUserPolicy({ UserName, PolicyName: "all", PolicyDocument: userPolicy });
    this.#user = { kind: "user", account: testAccount, arn: User!.Arn, userName: UserName, userId: User!.UserId };
  }

  /** So many calls of operations chosen by chance, in the process or, where clients are given, by one of them. */
  async run(calls: number, until: number, clients?: RealClients): Promise<void> {
    for (let i = 0; i < calls && performance.now() < until; i++) {
      const operation = this.#choose();
      const input = this.#input(operation);
      if (clients?.has(operation.model.name)) await this.#send(clients, operation, input);
      else await this.#call(operation, input);
    }
  }

  /** Calls what lists and describes: without input where none is required, else as it was last called. */
  async readEverything(): Promise<void> {
    for (const operation of this.#operations) {
      if (!/^(List|Describe|Get)/.test(operation.name)) continue;
      const { model, name } = operation;
      const shape = model.shapes[model.operations[name]!.input?.shape ?? ""];
      const needs = shape?.type === "structure" && (shape.required ?? []).length > 0;
      const outcome = await this.#call(operation, needs ? (operation.worked.at(-1) ?? {}) : {});
      if (!needs && "refused" in outcome && outcome.refused.status === 500) this.#find(operation, "cannot be read", {});
    }
  }

  /** Reads that need no input, and answer what cannot be refused. */
  async listEverything(): Promise<void> {
    for (const operation of this.#operations) {
      const { model, name } = operation;
      const shape = model.shapes[model.operations[name]!.input?.shape ?? ""];
      if (!/^(List|Describe)/.test(name) || (shape?.type === "structure" && (shape.required ?? []).length > 0))
        continue;
      if (mayRefuseNothing.has(name)) continue;
      const outcome = await this.#call(operation, {});
      if ("refused" in outcome) this.#find(operation, "refused to list", outcome.refused);
    }
  }

  async #call(operation: Operation, input: Record<string, unknown>): Promise<Outcome> {
    this.calls++;
    const started = performance.now();
    const outcome = await within(hangsAfterMs, this.#invoke(operation, input));
    const name = `${operation.model.name}.${operation.name}`;
    this.spentMs.set(name, (this.spentMs.get(name) ?? 0) + performance.now() - started);
    if ("failed" in outcome) this.#find(operation, outcome.failed, input);
    else if ("refused" in outcome) {
      const { status, code } = outcome.refused;
      if (!(status >= 400 && status < 500) && status !== 501) {
        this.#find(operation, `refused with ${status} ${code}: ${outcome.refused.message}`, input);
      }
      const key = `${name} ${status} ${code}`;
      this.refusals.set(key, (this.refusals.get(key) ?? 0) + 1);
    } else this.#learn(operation, input, outcome.output);
    return outcome;
  }

  async #invoke({ name, model }: Operation, input: Record<string, unknown>): Promise<Outcome> {
    const principal = this.#chance.happens(0.3) ? this.#user : root;
    const facts: RequestFacts = { ...baseFacts, principal, requestId: this.#platform.ids.uuid() };
    const described = model.operations[name]!;
    try {
      const stages = await this.#platform.kernel.prepare(model.name, name);
      stages.validate(input);
      await stages.authorize(input, facts);
      const { watched, keep } = this.members.watch(model, name, described.input?.shape, input);
      const output = await stages.handle(watched, facts);
      keep();
      const wrong =
        described.output && !knownToDiffer.has(name) ? misfits(model, described.output.shape, output ?? {}) : [];
      if (wrong.length > 0) return { failed: `answered what does not fit: ${wrong[0]}` };
      const { body } = serviceProtocols(model)
        .preferred.operation(name)!
        .encode(output, facts.requestId, (error) => {
          throw error;
        });
      if (isIterable(body)) for await (const chunk of body) void chunk;
      return { output };
    } catch (error) {
      if (error instanceof AwsError) return { refused: error };
      return { failed: `threw ${error instanceof Error ? (error.stack ?? error.message) : inspect(error)}` };
    }
  }

  async #send(clients: RealClients, operation: Operation, input: Record<string, unknown>): Promise<void> {
    this.calls++;
    const sent = await within(hangsAfterMs, clients.send(operation.model.name, operation.name, input));
    if ("failed" in sent) this.#find(operation, `over HTTP: ${sent.failed}`, input);
    else if ("output" in sent) this.#learn(operation, input, sent.output);
  }

  #learn({ name, model, worked }: Operation, input: Record<string, unknown>, output: unknown): void {
    this.succeeded.add(`${model.name}.${name}`);
    const described = model.operations[name]!;
    if (described.input) this.#known.learn(model, described.input.shape, input);
    if (described.output) this.#known.learn(model, described.output.shape, output);
    worked.push(input);
    if (worked.length > inputsKept) worked.splice(this.#chance.below(inputsKept), 1);
  }

  #input({ name, model, worked }: Operation): Record<string, unknown> {
    const shape = model.operations[name]!.input?.shape;
    if (shape === undefined) return {};
    const maker = this.#makers.get(model)!;
    const made = this.#chance.next();
    if (made < 0.5 && worked.length > 0) return maker.change(shape, this.#chance.pick(worked));
    // What worked elsewhere names things that belong together: an API and its resource, a role and its policy.
    const elsewhere = this.#chance.pick(this.#operations.filter((other) => other.model === model)).worked;
    if (made > 0.8 || elsewhere.length === 0) return maker.make(shape);
    return maker.complete(shape, this.#chance.pick(elsewhere));
  }

  #choose(): Operation {
    let left = this.#chance.next() * this.#total;
    for (const operation of this.#operations) if ((left -= operation.weight) <= 0) return operation;
    return this.#operations.at(-1)!;
  }

  /** One report for each operation and kind of failure. */
  #find({ name, model }: Operation, what: string, input: unknown): void {
    const key = `${model.name}.${name} ${what
      .split("\n")[0]!
      .replace(/[0-9a-f-]{8,}|\d+|'[^']*'|"[^"]*"/g, "…")
      .slice(0, 120)}`;
    if (!this.found.has(key)) this.found.set(key, `${model.name}.${name} ${what}\n  ${print(input)}`);
  }
}

/** Root has no user name, as on AWS, though the model requires one. */
const knownToDiffer: ReadonlySet<string> = new Set(["GetUser"]);

/** Stands for the answer of a seed that was refused, so that those after it have names that do not exist. */
const nothingMade = {
  Policy: { Arn: "none" },
  Role: { Arn: "none" },
  AccessKey: { AccessKeyId: "none" },
  TableDescription: { LatestStreamArn: "none" },
  StreamDescription: { Shards: [{ ShardId: "none" }] },
  ShardIterator: "none",
  id: "none",
  rootResourceId: "none",
};

/** Without input they mean something that need not be there. */
const mayRefuseNothing: ReadonlySet<string> = new Set([
  // The signed-in user's, and root is none.
  "ListAccessKeys",
  // One of two names has to be given, which the model does not tell.
  "DescribeLogStreams",
]);

const root: Principal = { kind: "root", account: testAccount };

/** Allows everything, but only after it has looked at what a call touches. */
const userPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "*",
    Resource: "*",
    Condition: {
      StringNotEquals: { "aws:ResourceTag/a": "x", "aws:RequestTag/a": "x", "aws:PrincipalTag/${aws:username}": "x" },
      "ForAllValues:StringNotEquals": {
        "dynamodb:LeadingKeys": "x",
        "dynamodb:Attributes": "x",
        "dynamodb:Select": "x",
        "aws:TagKeys": "x",
      },
    },
  },
});

const baseFacts = {
  account: testAccount,
  region: testRegion,
  sourceIp: "127.0.0.1",
  userAgent: "fuzz",
  headers: {},
  tls: false,
  signal: new AbortController().signal,
} as const;

async function within<T>(ms: number, call: Promise<T>): Promise<T | { readonly failed: string }> {
  const cpu = process.cpuUsage();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ failed: string }>((resolve) => {
    // Twice, so that a machine that stood still for a while is not taken for a call that hangs.
    timer = setTimeout(() => {
      timer = setTimeout(() => resolve({ failed: `did not answer within ${ms} ms` }), ms / 2);
    }, ms / 2);
  });
  try {
    const outcome = await Promise.race([call, late]);
    const { user } = process.cpuUsage(cpu);
    return user > burnsAfterMs * 1000 ? { failed: `kept the processor busy for ${user / 1000} ms` } : outcome;
  } finally {
    clearTimeout(timer);
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function print(input: unknown): string {
  return inspect(input, { depth: 8, breakLength: Infinity, maxStringLength: 200, maxArrayLength: 20 }).slice(0, 2_000);
}
