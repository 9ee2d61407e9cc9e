"use strict";
const { types } = require("node:util");

/** Errors that the runtime itself raises; AWS puts `Runtime.` before their names. */
function runtimeError(name) {
  const type = { [name]: class extends Error {} }[name];
  Object.defineProperty(type.prototype, "name", { value: `Runtime.${name}`, configurable: true, writable: true });
  return type;
}

const ImportModuleError = runtimeError("ImportModuleError");
const HandlerNotFound = runtimeError("HandlerNotFound");
const MalformedHandlerName = runtimeError("MalformedHandlerName");
const MalformedStreamingHandler = runtimeError("MalformedStreamingHandler");
const InvalidStreamingOperation = runtimeError("InvalidStreamingOperation");
const UserCodeSyntaxError = runtimeError("UserCodeSyntaxError");
const CallbackHandlerDeprecated = runtimeError("CallbackHandlerDeprecated");
const UnserializableResponse = runtimeError("JSONStringifyError");

class UnhandledPromiseRejection extends Error {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
}
Object.defineProperty(UnhandledPromiseRejection.prototype, "name", { value: "Runtime.UnhandledPromiseRejection" });

class NodeJsExit extends Error {
  constructor() {
    super(
      "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
    );
  }
}
Object.defineProperty(NodeJsExit.prototype, "name", { value: "Runtime.NodeJsExit" });

function isError(value) {
  return (
    types.isNativeError(value) ||
    Boolean(
      value &&
      typeof value.name === "string" &&
      typeof value.message === "string" &&
      typeof value.stack === "string" &&
      value.name &&
      value.message &&
      value.stack,
    )
  );
}

/** The payload that the invoker receives. Never throws, whatever the function threw. */
function describeError(error) {
  try {
    if (isError(error)) {
      return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    };
  }
}

/** An error as it stands in the log: its fields and what the function added to it, as JSON after a tab. */
function formatError(error) {
  try {
    return `\t${JSON.stringify(error, (_key, value) => (value instanceof Error ? expand(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(describeError(error))}`;
  }
}

function expand(error) {
  const fields = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  if (typeof error.stack === "string") fields.stack = error.stack.split("\n");
  return fields;
}

module.exports = {
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  MalformedStreamingHandler,
  InvalidStreamingOperation,
  UserCodeSyntaxError,
  CallbackHandlerDeprecated,
  UnserializableResponse,
  UnhandledPromiseRejection,
  NodeJsExit,
  describeError,
  formatError,
};
