import { AwsError } from "../api/aws-error.ts";
import type { AwsApis } from "../api/apis.ts";
import type { ServiceModel } from "../api/model.ts";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Blobs, Store, StoreTransaction } from "../storage/store.ts";
import type { ServiceContext } from "./context.ts";
import { KernelJobContext, KernelRequestContext, KernelServiceContext } from "./kernel-context.ts";
import type { Authorize, BoundEndpoint, Dispatcher, PreparedOperation, RequestFacts } from "./dispatch.ts";
import type { HttpRequest } from "./http.ts";
import type { Job, JobContext } from "./jobs.ts";
import { JobRunner, type BoundJob } from "./job-runner.ts";
import type { JobRow } from "./job-queue.ts";
import type { Principal } from "./principal.ts";
import { RecordStore, type ScopedRecords } from "./record-store.ts";
import type { Access, ServiceDefinition, ServiceRegistration } from "./service.ts";

export interface KernelOptions {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly registrations: readonly ServiceRegistration[];
  /** Reads a model once and keeps it. */
  readonly loadModel: (service: string) => Promise<ServiceModel>;
  /** Compiles what checks an operation's input against the model's constraints. */
  readonly compileValidator: (model: ServiceModel, operation: string) => (input: unknown) => void;
  readonly authorize: Authorize;
  /** Account of endpoints and of callers that name none. */
  readonly account: string;
  /** Where clients reach the platform, known once it listens. */
  readonly endpoint: () => string;
}

type AnyHandler = (input: unknown, ctx: KernelRequestContext) => Promise<unknown>;
type AnyAccess = (input: unknown, at: { account: string; region: string }) => readonly Access[];

interface LoadedService {
  readonly definition: ServiceDefinition<Record<string, never>>;
  readonly model: ServiceModel;
}

const blobCollectionMs = 3_600_000;

/** Holds the loaded services and gives each call, job and endpoint the context it runs in. */
export class Kernel implements Dispatcher {
  readonly options: KernelOptions;
  readonly records: RecordStore;
  readonly jobs: JobRunner;
  readonly #registrations: ReadonlyMap<string, ServiceRegistration>;
  readonly #services = new Map<string, Promise<LoadedService>>();
  readonly #operations = new Map<string, Map<string, PreparedOperation>>();
  /** Services that share the records of another: a second door to its room. */
  readonly #roomOf: ReadonlyMap<string, string>;
  /** Services that keep one state for all regions. */
  readonly #global = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: KernelOptions) {
    this.options = options;
    this.#registrations = new Map(options.registrations.map((registration) => [registration.name, registration]));
    this.#roomOf = new Map(
      options.registrations.flatMap(({ name, room }) => (room === undefined ? [] : [[name, room]])),
    );
    const { store, clock, ids, log } = options;
    this.jobs = new JobRunner({ store, clock, ids, log, bind: (service, name) => this.#bindJob(service, name) });
    this.records = new RecordStore(store, this.jobs.applyRequest, clock);
  }

  /** Aborted when the platform stops. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  async start(): Promise<void> {
    await this.jobs.start();
    void this.#collectBlobs();
  }

  /** Ends what runs: tells jobs and services together, since a job may wait for what only its service can end. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The platform is stopping."));
    const loaded = await Promise.allSettled(this.#services.values());
    await Promise.all([
      this.jobs.stop(),
      ...loaded.map((service) => (service.status === "fulfilled" ? service.value.definition.close?.() : undefined)),
    ]);
  }

  model(service: string): Promise<ServiceModel> {
    return this.options.loadModel(service);
  }

  prepare(service: string, operation: string): PreparedOperation | Promise<PreparedOperation> {
    return this.#operations.get(service)?.get(operation) ?? this.#prepare(service, operation);
  }

  async call(service: string, operation: string, input: unknown, facts: RequestFacts): Promise<unknown> {
    const prepared = await this.prepare(service, operation);
    prepared.validate(input);
    await prepared.authorize(input, facts);
    return prepared.handle(input, facts);
  }

  endpoint(host: string, path: string): BoundEndpoint | undefined {
    for (const registration of this.options.registrations) {
      for (const pattern of registration.endpoints ?? []) {
        const match = pattern.host?.exec(host) ?? pattern.path?.exec(path);
        if (match) return this.#bindEndpoint(registration.name, pattern.name, match.groups ?? {});
      }
    }
    return undefined;
  }

  /** The context of a service in an account and region, for what is neither a request nor a job. */
  context(service: string, account: string, region: string): ServiceContext {
    return new KernelServiceContext(this, service, account, region, this);
  }

  /** Other services' APIs as plain objects of functions. */
  apis(principal: Principal, account: string, region: string, signal: AbortSignal): AwsApis {
    const facts = (): RequestFacts => ({
      principal,
      account,
      region,
      requestId: this.options.ids.uuid(),
      sourceIp: "AWS Internal",
      userAgent: "AWS Internal",
      headers: {},
      tls: true,
      signal,
    });
    return new Proxy({} as AwsApis, {
      get: (_, service) =>
        new Proxy(
          {},
          {
            // Not a promise, and nothing but operations: awaiting an API or printing it must call nothing.
            get: (_target, operation) =>
              typeof operation === "string" && operation !== "then"
                ? (input: unknown) => this.call(String(service), operation, input, facts())
                : undefined,
          },
        ),
    });
  }

  /** The definition of a service that is registered; loaded at first use. */
  async definition(service: string): Promise<ServiceDefinition<Record<string, never>> | undefined> {
    return this.#registrations.has(service) ? (await this.#load(service)).definition : undefined;
  }

  /** Whether the service's code is in memory. */
  isLoaded(service: string): boolean {
    return this.#services.has(service);
  }

  scopedRecords(service: string, account: string, region: string): ScopedRecords {
    const room = this.#roomOf.get(service) ?? service;
    return this.records.scoped({ service: room, account, region: this.#global.has(service) ? "" : region });
  }

  /** Deletes, every hour, blobs that no record names: of transactions that failed, of records that are gone. */
  async #collectBlobs(): Promise<void> {
    const { clock, blobs, log } = this.options;
    for (;;) {
      try {
        await clock.until(clock.now() + blobCollectionMs, this.signal);
        await blobs.collectGarbage((id) => this.records.namesBlob(id));
      } catch (error) {
        if (this.signal.aborted) return;
        log.error("Blobs that nothing names cannot be collected; trying again in an hour.", { error });
      }
    }
  }

  async #prepare(service: string, operation: string): Promise<PreparedOperation> {
    const model = await this.model(service);
    if (!Object.hasOwn(model.operations, operation)) {
      throw new AwsError({
        code: "UnknownOperationException",
        message: `${model.metadata.serviceFullName} has no operation "${operation}".`,
        status: 400,
      });
    }
    if (!this.#registrations.has(service)) throw notImplemented(model, operation);
    const { definition } = await this.#load(service);
    const handler = (definition.operations as unknown as Record<string, AnyHandler | undefined>)[operation];
    if (!handler) throw notImplemented(model, operation);
    const prepared = this.#stages({ definition, model }, operation, handler);
    let operations = this.#operations.get(service);
    if (!operations) this.#operations.set(service, (operations = new Map()));
    operations.set(operation, prepared);
    return prepared;
  }

  #stages({ definition, model }: LoadedService, operation: string, handler: AnyHandler): PreparedOperation {
    const service = definition.name;
    const accessOf = (definition.access as Record<string, AnyAccess> | undefined)?.[operation];
    const open = definition.open?.includes(operation) ?? false;
    const action = `${definition.iamPrefix}:${operation}`;
    const { authorize, clock } = this.options;
    const everything: readonly Access[] = [{ resource: "*" }];
    return {
      validate: this.options.compileValidator(model, operation),
      authorize: (input, facts) => {
        if (open) return;
        return authorize({
          principal: facts.principal,
          service,
          protocol: model.metadata.protocols[0]!,
          action,
          accesses: accessOf?.(input, facts) ?? everything,
          account: facts.account,
          region: facts.region,
          sourceIp: facts.sourceIp,
          userAgent: facts.userAgent,
          secure: facts.tls,
          now: clock.now(),
          resourcePolicyOf: definition.resourcePolicy
            ? (arn) => definition.resourcePolicy!(arn, this.context(service, facts.account, facts.region))
            : undefined,
          resolveAccess: definition.resolveAccess
            ? (access) =>
                definition.resolveAccess!(access, this.context(service, facts.account, facts.region), facts.principal)
            : undefined,
        });
      },
      handle: (input, facts) => handler(input, new KernelRequestContext(this, service, operation, facts)),
    };
  }

  #load(service: string): Promise<LoadedService> {
    let loading = this.#services.get(service);
    if (!loading) {
      const registration = this.#registrations.get(service)!;
      loading = Promise.all([registration.load(), this.model(service)]).then(([loaded, model]) => {
        const definition = loaded as ServiceDefinition<Record<string, never>>;
        if (definition.scope === "global") this.#global.add(service);
        return { definition, model };
      });
      this.#services.set(service, loading);
      loading.catch(() => this.#services.delete(service));
    }
    return loading;
  }

  #bindEndpoint(service: string, name: string, match: Readonly<Record<string, string>>): BoundEndpoint {
    const find = async () => {
      const endpoint = (await this.#load(service)).definition.endpoints?.[name];
      if (!endpoint) throw new Error(`Service ${service} registers the endpoint "${name}" but does not define it.`);
      return endpoint;
    };
    const context = (request: HttpRequest) =>
      new KernelServiceContext(this, service, this.options.account, match["region"] ?? "us-east-1", request);
    return {
      name: `${service}.${name}`,
      handle: async (request) => (await find()).handle(request, match, context(request)),
      upgrade: async (request, socket, head) => {
        const endpoint = await find();
        if (!endpoint.upgrade) {
          socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
          return;
        }
        await endpoint.upgrade(request, match, context(request), socket, head);
      },
    };
  }

  async #bindJob(service: string, name: string): Promise<BoundJob | undefined> {
    if (!this.#registrations.has(service)) return undefined;
    const { definition } = await this.#load(service);
    const job = definition.jobs?.find((candidate: Job<never>) => candidate.name === name);
    if (!job) return undefined;
    return {
      job,
      context: (row: JobRow, finish: (tx: StoreTransaction) => Promise<void>, signal: AbortSignal): JobContext =>
        new KernelJobContext(this, row, finish, signal),
    };
  }
}

function notImplemented(model: ServiceModel, operation: string): AwsError {
  return new AwsError({
    code: "NotImplemented",
    message: `${model.metadata.serviceFullName}: ${operation} is not implemented by Virga yet. What is implemented stands in docs/coverage.md.`,
    status: 501,
  });
}
