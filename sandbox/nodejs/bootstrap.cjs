"use strict";
/**
 * Runs one Node.js function: loads the handler, then takes invocation after invocation from the Runtime API.
 * CommonJS without recent syntax, because it runs on whatever Node.js (16 and newer) stands for the function's runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
const { connectRuntimeApi } = require("./runtime-client.cjs");
const { patchConsole } = require("./console.cjs");
const { confineModules } = require("./modules.cjs");
const { loadHandler } = require("./handler.cjs");
const { NodeJsExit, UnhandledPromiseRejection, UnserializableResponse, describeError } = require("./errors.cjs");
const { createContext } = require("./context.cjs");

// Node.js 24 is where AWS ended callbacks. The function's runtime decides, not the interpreter that stands in for it.
const runtimeVersion = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV || "")?.[1] ?? 22);
const callbacksSupported = runtimeVersion < 24;

const log = patchConsole();
const client = connectRuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API);

/** What is told of an error that nobody caught; the process ends after it. Replaced for each invocation. */
let reportFatal = (error, exitCode) => client.initError(describeError(error), () => process.exit(exitCode));
let fatal = false;
function fail(message, error, exitCode) {
  if (fatal) return;
  fatal = true;
  log.error(message, error);
  reportFatal(error, exitCode);
}
process.on("uncaughtException", (error) => fail("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason, promise) =>
  fail("Unhandled Promise Rejection", new UnhandledPromiseRejection(reason, promise), 128),
);

/** Called when the function has nothing left to wait for; what that means depends on the handler. */
let onEmptyEventLoop;
process.on("beforeExit", () => {
  const act = onEmptyEventLoop;
  onEmptyEventLoop = undefined;
  if (act) act();
});

start().catch((error) => fail("Uncaught Exception", error, 129));

async function start() {
  const taskRoot = process.env.LAMBDA_TASK_ROOT;
  const confinement = confineModules(taskRoot);
  const handler = await loadHandler(taskRoot, process.env._HANDLER, { callbacksSupported, confinement });
  client.next(handler.streaming ? runStreaming : runBuffered);

  function runBuffered(headers, body) {
    const invocation = begin(headers);
    const { requestId } = invocation;
    let settled = false;

    const succeed = (result) => {
      let text;
      try {
        text = JSON.stringify(result === undefined ? null : result);
        // A function or a symbol has no JSON text at all.
        if (text === undefined) text = "null";
      } catch {
        return reject(
          callbacksSupported
            ? new Error("Unable to stringify response body")
            : new UnserializableResponse("Unable to stringify response body"),
        );
      }
      settled = true;
      onEmptyEventLoop = undefined;
      client.respond(requestId, text, runBuffered);
    };
    const reject = (error) => {
      settled = true;
      onEmptyEventLoop = undefined;
      log.error("Invoke Error", error);
      client.fail(requestId, describeError(error), runBuffered);
    };
    const once = (action) =>
      function (first, second) {
        if (!settled) action(first, second);
      };

    let waitForEmptyEventLoop = true;
    let calledBack = false;
    const done = once((error, result) => (error === undefined || error === null ? succeed(result) : reject(error)));
    const callback = once((error, result) => {
      if (calledBack) return;
      calledBack = true;
      if (error !== undefined && error !== null) reject(error);
      else if (!waitForEmptyEventLoop) succeed(result);
      else onEmptyEventLoop = () => setImmediate(succeed, result);
    });
    if (callbacksSupported) {
      Object.defineProperty(invocation.context, "callbackWaitsForEmptyEventLoop", {
        enumerable: true,
        get: () => waitForEmptyEventLoop,
        set: (value) => (waitForEmptyEventLoop = value),
      });
      invocation.context.succeed = (result) => done(null, result);
      invocation.context.fail = (error) => done(error === undefined || error === null ? "handled" : error);
      invocation.context.done = done;
    }

    onEmptyEventLoop = () => {
      if (settled) return;
      // https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html (unexpected Node.js exit)
      if (handler.isAsync || !callbacksSupported) reject(new NodeJsExit());
      else succeed(null);
    };

    client.rest();
    let result;
    try {
      const event = JSON.parse(body.toString());
      result = callbacksSupported
        ? handler.run(event, invocation.context, callback)
        : handler.run(event, invocation.context);
    } catch (error) {
      return callbacksSupported ? callback(error) : reject(error);
    }
    if (result && typeof result.then === "function") result.then(once(succeed), once(reject));
    else if (!callbacksSupported) succeed(result);
  }

  async function runStreaming(headers, body) {
    const invocation = begin(headers);
    const { createResponseStream } = require("./response-stream.cjs");
    const stream = createResponseStream(client, invocation.requestId, handler.highWaterMark);
    let settled = false;
    const finish = (error) => {
      if (settled) return;
      settled = true;
      onEmptyEventLoop = undefined;
      if (error !== undefined) log.error("Invoke Error", error);
      stream.finish(error, runStreaming);
    };
    onEmptyEventLoop = () => finish(new NodeJsExit());
    client.rest();
    try {
      const result = handler.run(JSON.parse(body.toString()), stream.writable, invocation.context);
      if (!result || typeof result.then !== "function") {
        return finish("Streaming does not support non-async handlers.");
      }
      if ((await result) !== undefined) console.warn("Streaming handlers ignore return values.");
      await stream.flushed();
      finish(stream.writable.writableEnded ? undefined : "Response stream is not finished.");
    } catch (error) {
      finish(error);
    }
  }

  function begin(headers) {
    const requestId = headers["lambda-runtime-aws-request-id"];
    const traceId = headers["lambda-runtime-trace-id"];
    if (traceId) process.env._X_AMZN_TRACE_ID = traceId;
    else delete process.env._X_AMZN_TRACE_ID;
    log.setRequestId(requestId);
    reportFatal = (error, exitCode) =>
      client.fail(requestId, describeError(error), undefined, () => process.exit(exitCode));
    return { requestId, context: createContext(headers) };
  }
}
