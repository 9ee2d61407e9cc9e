"use strict";
const { connect } = require("node:net");
const { whenOutputFlushed } = require("./console.cjs");

const root = "/2018-06-01/runtime";

/**
 * A client of the Runtime API on one raw connection: node:http costs 7-10 ms of a cold start and a third of the warm
 * rate. A response and the call for the next invocation travel in one packet; answers come back in order.
 */
function connectRuntimeApi(address) {
  const [host, port] = address.split(":");
  const socket = connect({ host, port: Number(port), noDelay: true });
  socket.setNoDelay(true);
  // The platform has ended, or has given this environment up.
  socket.on("error", () => process.exit(1));
  socket.on("close", () => process.exit(1));

  const waiting = [];
  const read = answerReader((answer) => {
    const then = waiting.shift();
    if (then) then(answer);
  });
  socket.on("data", read);

  const nextHead = `GET ${root}/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
  const post = (path, headers, body) =>
    `POST ${root}${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  const client = {
    socket,
    /** Calls `run(headers, body)` with the next invocation. */
    next(run) {
      client.expectInvocation(run);
      socket.write(nextHead);
    },
    nextHead,
    expectAnswer(then) {
      waiting.push(then);
    },
    expectInvocation(run) {
      socket.ref();
      waiting.push((answer) => {
        if (answer.status !== 200) process.exit(1);
        // After a time of standing still, the ends of connections that the function keeps may wait to be noticed: first those.
        setImmediate(() => run(answer.headers, answer.body));
      });
    },
    /** While the handler runs, only its own work keeps the process alive: that is how an empty event loop is noticed. */
    rest() {
      socket.unref();
    },
    respond(requestId, text, run) {
      socket.ref();
      whenOutputFlushed(() => {
        waiting.push(undefined);
        client.expectInvocation(run);
        socket.write(post(`/invocation/${requestId}/response`, "", text) + nextHead);
      });
    },
    /** Reports an error; then takes the next invocation with `run`, or calls `then`. */
    fail(requestId, error, run, then) {
      report(`/invocation/${requestId}/error`, error, run, then);
    },
    initError(error, then) {
      report("/init/error", error, undefined, then);
    },
  };

  function report(path, error, run, then) {
    socket.ref();
    whenOutputFlushed(() => {
      const headers = `Lambda-Runtime-Function-Error-Type: ${headerText(error.errorType)}\r\n`;
      waiting.push(then);
      if (run) client.expectInvocation(run);
      socket.write(post(path, headers, JSON.stringify(error)) + (run ? nextHead : ""));
    });
  }
  return client;
}

/** Header values are ASCII; an error's name is whatever the function made it. */
function headerText(text) {
  return String(text)
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, 1024);
}

/** Cuts a byte stream into HTTP/1.1 answers. The Runtime API always gives a Content-Length. */
function answerReader(onAnswer) {
  let head = Buffer.alloc(0);
  let answer;
  let chunks = [];
  let missing = 0;
  return function read(chunk) {
    while (chunk.length > 0) {
      if (!answer) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        answer = parseHead(head.latin1Slice(0, end));
        chunk = head.subarray(end + 4);
        head = Buffer.alloc(0);
        missing = Number(answer.headers["content-length"] || 0);
        chunks = [];
      }
      const part = chunk.length > missing ? chunk.subarray(0, missing) : chunk;
      chunks.push(part);
      missing -= part.length;
      chunk = chunk.subarray(part.length);
      if (missing > 0) return;
      answer.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      const whole = answer;
      answer = undefined;
      chunks = [];
      onAnswer(whole);
    }
  };
}

function parseHead(text) {
  const lines = text.split("\r\n");
  const headers = Object.create(null);
  for (let at = 1; at < lines.length; at++) {
    const colon = lines[at].indexOf(":");
    headers[lines[at].slice(0, colon).toLowerCase()] = lines[at].slice(colon + 1).trim();
  }
  return { status: Number(lines[0].split(" ")[1]), headers, body: undefined };
}

module.exports = { connectRuntimeApi, headerText };
