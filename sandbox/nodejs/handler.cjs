"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { basename, dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const {
  CallbackHandlerDeprecated,
  HandlerNotFound,
  ImportModuleError,
  InvalidStreamingOperation,
  MalformedHandlerName,
  MalformedStreamingHandler,
  UserCodeSyntaxError,
} = require("./errors.cjs");

const streamingMark = Symbol.for("aws.lambda.runtime.handler.streaming");
const highWaterMark = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
const preludeContentType = "application/vnd.awslambda.http-integration-response";

/**
 * Finds the function that a handler setting names: `file.export`, `folder/file.export.of.object`.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
async function loadHandler(taskRoot, setting, options) {
  if (setting.includes("..")) {
    throw new MalformedHandlerName(
      `'${setting}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const last = basename(setting);
  const folder = setting.slice(0, setting.indexOf(last));
  const parts = /^([^.]*)\.(.*)$/.exec(last);
  if (!parts) throw new MalformedHandlerName("Bad handler");

  defineAwslambda();
  const exported = await loadModule(taskRoot, folder, parts[1], options.confinement);
  const run = parts[2].split(".").reduce((value, key) => value && value[key], exported);
  if (!run) throw new HandlerNotFound(`${setting} is undefined or not exported`);
  if (typeof run !== "function") throw new HandlerNotFound(`${setting} is not a function`);

  const mark = run[streamingMark];
  if (mark && mark !== "response") throw new MalformedStreamingHandler("Only response streaming is supported.");
  const streaming = mark === "response";
  if (!options.callbacksSupported && !streaming && run.length >= 3) {
    throw new CallbackHandlerDeprecated(
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  const size = Number(run[highWaterMark]);
  return {
    run,
    streaming,
    highWaterMark: size > 0 ? size : undefined,
    isAsync: Boolean(run.constructor && run.constructor.name === "AsyncFunction"),
  };
}

async function loadModule(taskRoot, folder, name, confinement) {
  try {
    const path = resolve(taskRoot, folder, name);
    if (existsSync(path)) {
      const loaded = requireFile(path);
      if (loaded) return loaded;
    }
    const isModule = packageIsModule(dirname(path));
    for (const [extension, load] of candidates(isModule)) {
      if (!existsSync(path + extension)) continue;
      if (load === importFile) confinement.beforeImport();
      return await load(path + extension);
    }
    return require(require.resolve(name, { paths: [taskRoot, resolve(taskRoot, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw withPlace(new UserCodeSyntaxError(error), error);
    if (error && error.code === "MODULE_NOT_FOUND") throw new ImportModuleError(error);
    throw error;
  }
}

/** Adds the file and line of a syntax error to the trace, where Node.js tells them: AWS leaves them out. */
function withPlace(error, syntaxError) {
  const place = /^(?:file:\/\/)?(\/.*:\d+)\n/.exec(String(syntaxError.stack));
  if (place) error.stack = error.stack.replace("\n", `\n    at ${place[1]}\n`);
  return error;
}

function candidates(isModule) {
  const list = [
    [".js", isModule ? importFile : requireFile],
    [".mjs", importFile],
    [".cjs", requireFile],
  ];
  // Node.js strips types by itself from 22.18 on; AWS offers it from nodejs24.x on.
  if (Number(process.versions.node.split(".")[0]) >= 24) {
    list.push([".ts", isModule ? importFile : requireFile], [".mts", importFile], [".cts", requireFile]);
  }
  return list;
}

function requireFile(path) {
  return require(path);
}

function importFile(path) {
  return import(pathToFileURL(path).href);
}

/** Whether the nearest package.json says `"type": "module"`. */
function packageIsModule(folder) {
  for (let at = folder; !at.endsWith("/node_modules"); at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) {
      try {
        return JSON.parse(readFileSync(file, "utf8")).type === "module";
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
        return false;
      }
    }
    if (at === dirname(at)) break;
  }
  return false;
}

function defineAwslambda() {
  const off = process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (off === "1" || off === "true") return;
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[streamingMark] = "response";
      if (options && typeof options.highWaterMark === "number") handler[highWaterMark] = options.highWaterMark;
      return handler;
    },
    HttpResponseStream: {
      from(stream, prelude) {
        if (typeof stream.setContentType !== "function") {
          throw new InvalidStreamingOperation("HttpResponseStream.from needs the stream that the handler was given.");
        }
        stream.setContentType(preludeContentType);
        const text = JSON.stringify(prelude);
        // The prelude ends with eight null bytes, which JSON cannot hold.
        stream._onBeforeFirstWrite = (write) => {
          write(text);
          write(new Uint8Array(8));
        };
        return stream;
      },
    },
  };
}

module.exports = { loadHandler };
