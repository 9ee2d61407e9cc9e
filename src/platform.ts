import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelLibrary, modelsInSource, type ModelPlace } from "./api/load-model.ts";
import type { Clock, MovableClock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import type { AuthMode, RootCredentials } from "./gateway/authenticate.ts";
import type { DeadJob, HealthReport } from "./gateway/platform-endpoints.ts";
import type { TlsMaterial } from "./gateway/port.ts";
import { startGateway } from "./gateway/server.ts";
import { createAuthorizer } from "./kernel/authorize.ts";
import type { Dispatcher } from "./kernel/dispatch.ts";
import { composeIdentity, type IdentityProvider } from "./kernel/identity.ts";
import { Kernel } from "./kernel/kernel.ts";
import type { ServiceDefinition, ServiceRegistration } from "./kernel/service.ts";
import { compileValidator } from "./kernel/validation/compile-validator.ts";
import { createPolicyEvaluator } from "./languages/iam-policy/policy-evaluator.ts";
import type { FunctionRuntime } from "./runtime/runtime.ts";
import type { Blobs, Store } from "./storage/store.ts";

export interface PlatformOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where everything is kept; undefined keeps it in memory. */
  readonly dataDirectory: string | undefined;
  readonly durability: "full" | "relaxed";
  /** Account and region of requests that name none. */
  readonly account: string;
  readonly region: string;
  readonly auth: AuthMode;
  readonly rootCredentials?: RootCredentials | undefined;
  readonly tls?: TlsMaterial | undefined;
  /** Origins of web pages that may call the APIs, besides loopback ones. */
  readonly corsOrigins?: readonly string[];
  /** Names under which browsers may call, besides local ones. */
  readonly allowedHosts?: readonly string[];
  /** Lets `POST /_virga/clock` move the clock. */
  readonly timeTravel: boolean;
  /** Lets `POST /_virga/reset` empty the platform; always allowed in memory. */
  readonly allowReset: boolean;
  readonly clock: MovableClock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where programs that run functions are looked for. */
  readonly interpreters: { readonly path: string; readonly home: string | undefined };
  readonly version: string;
  readonly files?: PlatformFiles;
}

/** Where the platform's own files lie: in the source tree, or beside the bundle. */
export interface PlatformFiles {
  readonly models: ModelPlace;
  /** What runs beside functions. */
  readonly sandboxDirectory: string;
}

export interface Platform {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** Finishes what is under way, at most so long, and ends. */
  close(graceMs: number): Promise<void>;
}

/** Opens the store, starts what waits in it, and listens. Rejects when the port or the data directory is taken. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock, ids, log } = options;
  const files = options.files ?? filesInSource;
  const { store, blobs, close: closeStorage } = await openStorage(options);
  const temporary: string[] = [];
  let endpoint = "";
  const assembly: Assembly = new Assembly({
    store,
    blobs,
    clock,
    ids,
    log,
    account: options.account,
    endpoint: () => endpoint,
    runtime: () => startRuntime(options, files),
    packagesDirectory: async () => {
      if (options.dataDirectory !== undefined) return emptyFolder(join(options.dataDirectory, "packages"));
      const folder = await mkdtemp(join(tmpdir(), "virga-packages-"));
      temporary.push(folder);
      return folder;
    },
    models: files.models,
  });
  const close = async () => {
    await assembly.close();
    await closeStorage();
    await Promise.all(temporary.map((folder) => rm(folder, { recursive: true, force: true })));
  };
  try {
    await assembly.start();
    const gateway = await startGateway({
      host: options.host,
      port: options.port,
      ...(options.tls && { tls: options.tls }),
      dispatcher: assembly,
      identities: assembly.identities,
      controls: {
        health: () => assembly.health(options.version),
        now: () => clock.now(),
        deadJobs: () => assembly.deadJobs(),
        ...(options.timeTravel && { advance: (ms: number) => clock.advance(ms) }),
        ...((options.allowReset || options.dataDirectory === undefined) && { reset: () => assembly.reset() }),
      },
      clock,
      ids,
      log,
      auth: options.auth,
      ...(options.corsOrigins && { corsOrigins: options.corsOrigins }),
      ...(options.allowedHosts && { hosts: options.allowedHosts }),
      ...(options.rootCredentials && { rootCredentials: options.rootCredentials }),
      account: options.account,
      region: options.region,
    });
    endpoint = endpointOf(gateway.url);
    return {
      endpoint,
      close: async (graceMs) => {
        await gateway.stop(graceMs);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the rooms are wired together from; tests bring their own store, clock and ids. */
export interface PlatformParts {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Account of callers that name none. */
  readonly account: string;
  /** Where clients reach the platform; asked for late, because the port may be known only then. */
  readonly endpoint: () => string;
  /** Makes what runs functions, when the first function runs. */
  readonly runtime: () => Promise<FunctionRuntime>;
  /** Makes an empty folder for unpacked function packages. */
  readonly packagesDirectory: () => Promise<string>;
  readonly models?: ModelPlace;
}

/** The rooms, wired by hand. A reset puts a new kernel behind the same door. */
export class Assembly implements Dispatcher {
  readonly #parts: PlatformParts;
  readonly #models: ModelLibrary;
  #kernel: Kernel;
  readonly identities: IdentityProvider;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.#models = new ModelLibrary(parts.models ?? modelsInSource);
    this.identities = composeIdentity([
      lazyIdentity(async () => {
        const { iamIdentity } = await import("./services/iam/identity-provider.ts");
        return iamIdentity((account) => this.#kernel.context("iam", account, ""));
      }),
      lazyIdentity(async () => {
        const { stsIdentity } = await import("./services/sts/identity-provider.ts");
        return stsIdentity((account) => this.#kernel.context("sts", account, ""));
      }),
    ]);
    this.#kernel = this.#assemble();
  }

  get kernel(): Kernel {
    return this.#kernel;
  }

  start(): Promise<void> {
    return this.#kernel.start();
  }

  close(): Promise<void> {
    return this.#kernel.close();
  }

  /** Empties the platform: every record, every job, everything that runs. Blobs go with the next collection. */
  async reset(): Promise<void> {
    await this.#kernel.close();
    await this.#parts.store.clear(Uint8Array.of(0x00), Uint8Array.of(0xff));
    this.#kernel = this.#assemble();
    await this.#kernel.start();
  }

  health(version: string): HealthReport {
    const registered = this.#kernel.options.registrations.map(({ name }) => name);
    return {
      status: "ok",
      version,
      services: Object.fromEntries(
        registered.map((name) => [name, this.#kernel.isLoaded(name) ? "running" : "available"]),
      ),
    };
  }

  async deadJobs(): Promise<readonly DeadJob[]> {
    const rows = await this.#kernel.jobs.dead();
    return rows.map(({ service, name, id, account, region, attempt, scheduledAt, lastError }) => ({
      service,
      name,
      id,
      account,
      region,
      attempt,
      scheduledAt,
      ...(lastError !== undefined && { lastError }),
    }));
  }

  readonly model: Dispatcher["model"] = (service) => this.#models.load(service);
  readonly prepare: Dispatcher["prepare"] = (service, operation) => this.#kernel.prepare(service, operation);
  readonly call: Dispatcher["call"] = (...call) => this.#kernel.call(...call);
  readonly endpoint: Dispatcher["endpoint"] = (host, path) => this.#kernel.endpoint(host, path);

  #assemble(): Kernel {
    const parts = this.#parts;
    return new Kernel({
      store: parts.store,
      blobs: parts.blobs,
      clock: parts.clock,
      ids: parts.ids,
      log: parts.log,
      account: parts.account,
      endpoint: parts.endpoint,
      registrations: registrations(parts),
      loadModel: (service) => this.#models.load(service),
      compileValidator,
      authorize: createAuthorizer(createPolicyEvaluator(), this.identities),
    });
  }
}

/** Every service, and the hosts and paths that are theirs beside the AWS API. Code is loaded at first use. */
export function registrations(parts: PlatformParts): readonly ServiceRegistration[] {
  return [
    service("apigateway", async () => (await import("./services/apigateway/service.ts")).apigatewayService(), [
      {
        name: "stage",
        host: /^(?<api>[a-z0-9]{4,32})\.execute-api\.(?:(?<region>[a-z0-9-]{1,32})\.)?(?:localhost|localhost\.localstack\.cloud|amazonaws\.com)$/,
        path: /^(?:\/_aws\/execute-api\/(?<api>[a-z0-9]{4,32})\/(?<stage>[^/]{1,128})|\/restapis\/(?<api>[a-z0-9]{4,32})\/(?<stage>[^/]{1,128})\/_user_request_)(?<path>\/.*)?$/,
      },
    ]),
    service("dynamodb", async () => (await import("./services/dynamodb/service.ts")).dynamodbService()),
    {
      ...service(
        "dynamodbstreams",
        async () => (await import("./services/dynamodb/streams-service.ts")).dynamodbStreamsService,
      ),
      room: "dynamodb",
    },
    service("iam", async () => (await import("./services/iam/service.ts")).iamService),
    service(
      "lambda",
      async () => {
        const { clock, runtime, packagesDirectory } = parts;
        return (await import("./services/lambda/service.ts")).lambdaService({ clock, runtime, packagesDirectory });
      },
      [
        { name: "package", path: /^\/_aws\/lambda\/packages\/(?<region>[a-z0-9-]{1,32})\/(?<blob>[0-9a-f]{16,64})$/ },
        {
          name: "function-url",
          host: /^(?<url>[a-z0-9]{32})\.lambda-url\.(?<region>[a-z0-9-]{1,32})\.(?:localhost|localhost\.localstack\.cloud|on\.aws)$/,
        },
      ],
    ),
    service("logs", async () => (await import("./services/logs/service.ts")).logsService),
    service("sts", async () => (await import("./services/sts/service.ts")).stsService),
  ];
}

/** A definition fits only its own API; the kernel asks it by name. */
function service<Api>(
  name: string,
  load: () => Promise<ServiceDefinition<Api>>,
  endpoints?: ServiceRegistration["endpoints"],
): ServiceRegistration {
  return { name, load: load as () => Promise<ServiceDefinition<never>>, ...(endpoints && { endpoints }) };
}

/** An identity provider whose code is loaded when somebody is first asked for. */
function lazyIdentity(load: () => Promise<IdentityProvider>): IdentityProvider {
  let provider: Promise<IdentityProvider> | undefined;
  const loaded = () => (provider ??= load());
  return {
    findCredential: async (accessKeyId) => (await loaded()).findCredential(accessKeyId),
    findPolicies: async (principal) => (await loaded()).findPolicies(principal),
  };
}

async function openStorage(
  options: PlatformOptions,
): Promise<{ store: Store; blobs: Blobs; close: () => Promise<void> }> {
  const { dataDirectory: directory, durability, ids, clock } = options;
  if (directory === undefined) {
    const [{ MemoryStore }, { MemoryBlobs }] = await Promise.all([
      import("./storage/memory-store.ts"),
      import("./storage/memory-blobs.ts"),
    ]);
    const store = new MemoryStore();
    const blobs = new MemoryBlobs({ ids, clock });
    return {
      store,
      blobs,
      close: async () => {
        await store.close();
        await blobs.close();
      },
    };
  }
  const [{ LevelStore }, { FileBlobs }] = await Promise.all([
    import("./storage/level-store.ts"),
    import("./storage/file-blobs.ts"),
  ]);
  const store = await LevelStore.open({ directory, durability });
  try {
    const blobs = await FileBlobs.open({ directory: join(directory, "blobs"), ids, clock });
    return { store, blobs, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What runs functions: plain processes of the platform's user. */
export async function startRuntime(
  options: Pick<PlatformOptions, "clock" | "ids" | "log" | "interpreters">,
  files: Pick<PlatformFiles, "sandboxDirectory"> = filesInSource,
): Promise<FunctionRuntime> {
  const [{ createProcessRuntime }, { createInterpreterFinder }] = await Promise.all([
    import("./runtime/process-runtime.ts"),
    import("./runtime/interpreters.ts"),
  ]);
  const { clock, ids, log, interpreters } = options;
  const { path, home } = interpreters;
  return createProcessRuntime({
    clock,
    ids,
    log,
    sandboxDirectory: files.sandboxDirectory,
    findInterpreter: createInterpreterFinder({ path, home: home ?? "", execPath: process.execPath }),
    path,
  });
}

/** A folder for what can be made again at any start. */
async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

const filesInSource: PlatformFiles = {
  models: modelsInSource,
  sandboxDirectory: fileURLToPath(new URL("../sandbox", import.meta.url)),
};

/** What clients on this machine can call: an address that means "every one" is none that can be called. */
function endpointOf(url: string): string {
  return url.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:");
}
