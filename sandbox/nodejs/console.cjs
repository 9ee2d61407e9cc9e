"use strict";
const { writeSync } = require("node:fs");
const { format } = require("node:util");
const { formatError } = require("./errors.cjs");

const levels = {
  TRACE: { name: "TRACE", rank: 1 },
  DEBUG: { name: "DEBUG", rank: 2 },
  INFO: { name: "INFO", rank: 3 },
  WARN: { name: "WARN", rank: 4 },
  ERROR: { name: "ERROR", rank: 5 },
  FATAL: { name: "FATAL", rank: 6 },
};

/**
 * Makes console.* write log records as on AWS: one record per call, however many lines it holds. A record is framed:
 * type (4 bytes, 0xa55a0003 for text, 0xa55a0002 for JSON), length (4), time in µs (8), then the message, big-endian.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
function patchConsole() {
  const json = (process.env.AWS_LAMBDA_LOG_FORMAT || "").toUpperCase() === "JSON";
  const threshold = (levels[(process.env.AWS_LAMBDA_LOG_LEVEL || "").toUpperCase()] || levels.TRACE).rank;
  const fd = Number(process.env._LAMBDA_TELEMETRY_LOG_FD || 1);
  delete process.env._LAMBDA_TELEMETRY_LOG_FD;
  let requestId;

  const write = (level, parameters) => {
    const now = new Date();
    const text = json
      ? formatJson(now, requestId, level, parameters)
      : `${now.toISOString()}\t${requestId}\t${level.name}\t${format(...parameters)}\n`;
    if (fd === 1) return writeAll(fd, Buffer.from(json ? `${text}\n` : text));
    const size = Buffer.byteLength(text);
    const frame = Buffer.allocUnsafe(16 + size);
    frame.writeUInt32BE(json ? 0xa55a0002 : 0xa55a0003, 0);
    frame.writeUInt32BE(size, 4);
    frame.writeBigUInt64BE(BigInt(now.getTime()) * 1000n, 8);
    frame.write(text, 16);
    writeAll(fd, frame);
  };
  const at = (level) => (level.rank < threshold ? () => {} : (...parameters) => write(level, parameters));

  console.trace = at(levels.TRACE);
  console.debug = at(levels.DEBUG);
  console.info = at(levels.INFO);
  console.log = console.info;
  console.warn = at(levels.WARN);
  console.error = at(levels.ERROR);
  console.fatal = at(levels.FATAL);

  return {
    setRequestId(id) {
      requestId = id;
    },
    /** Writes an error that the runtime reports, with all its fields. */
    error(message, error) {
      const shown = error instanceof Error ? error : new Error(error);
      if (json) console.error(shown);
      else console.error(message, formatError(shown));
    },
  };
}

function formatJson(now, requestId, level, parameters) {
  const record = { timestamp: now.toISOString(), level: level.name, requestId };
  if (parameters.length === 1) {
    try {
      return JSON.stringify({ ...record, message: parameters[0] }, (_key, value) =>
        value instanceof Error ? Object.assign(errorFields(value), value) : value,
      );
    } catch {
      return JSON.stringify({ ...record, message: format(parameters[0]) });
    }
  }
  record.message = format(...parameters);
  const error = parameters.find((parameter) => parameter instanceof Error);
  return JSON.stringify(error ? { ...record, ...errorFields(error) } : record);
}

function errorFields(error) {
  return {
    errorType: (error.constructor && error.constructor.name) || "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}

const nap = new Int32Array(new SharedArrayBuffer(4));

/** Writes everything, waiting where the pipe is full. */
function writeAll(fd, bytes) {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset, bytes.length - offset);
    } catch (error) {
      if (error.code === "EPIPE") return;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(nap, 0, 0, 1);
    }
  }
}

/** Output streams that the function uses. They are made only when asked for, because making them takes time. */
const touched = [];
for (const name of ["stdout", "stderr"]) {
  const original = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      const stream = original.get.call(process);
      if (!touched.includes(stream)) {
        touched.push(stream);
        // A full pipe is waited for, so that lines stay whole and in order with those of console.
        if (stream._handle && stream._handle.setBlocking) stream._handle.setBlocking(true);
      }
      return stream;
    },
  });
}

/** Calls back once what was written to process.stdout and process.stderr is in the pipe; at once when it is already. */
function whenOutputFlushed(then) {
  let waiting = 1;
  const done = () => {
    if (--waiting === 0) then();
  };
  for (const stream of touched) {
    if (stream.writableLength > 0 && !stream.destroyed) {
      waiting++;
      stream.write("", done);
    }
  }
  done();
}

module.exports = { patchConsole, whenOutputFlushed };
