/** What an operation, or the way to it, answers when it refuses. */
export interface AwsErrorOptions {
  /** The code that clients see: `ValidationException`, `NoSuchEntity`. */
  readonly code: string;
  readonly message: string;
  /** HTTP status. */
  readonly status: number;
  /** Modelled members besides the message, in SDK v3 shapes: `CancellationReasons`, `Item`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Name of the modelled shape where it differs from the code; clients of the JSON protocols see this name. */
  readonly shape?: string;
  /** Headers that go with this answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal that reaches the client as AWS words it. Modelled errors are generated subclasses (`src/api/<service>/errors.ts`).
 * Any other error thrown by a handler is our bug: it is logged and answers 500 `InternalFailure`.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly shape: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: AwsErrorOptions) {
    // Refusals are ordinary results of a hot path; nobody reads their stack, and taking it costs microseconds.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(options.message);
    Error.stackTraceLimit = limit;
    this.name = options.shape ?? options.code;
    this.code = options.code;
    this.status = options.status;
    this.fields = options.fields ?? {};
    this.shape = options.shape ?? options.code;
    this.headers = options.headers ?? {};
  }
}
