"use strict";
const { Writable } = require("node:stream");
const { InvalidStreamingOperation, describeError } = require("./errors.cjs");
const { headerText } = require("./runtime-client.cjs");
const { whenOutputFlushed } = require("./console.cjs");

/**
 * The stream that a handler made by `awslambda.streamifyResponse` writes to: one chunked request to the Runtime API,
 * whose trailers tell of an error in the middle.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
 */
function createResponseStream(client, requestId, highWaterMark) {
  const { socket } = client;
  let contentType = "application/octet-stream";
  let opened = false;

  const send = (bytes, then) => {
    if (bytes.length === 0) return then && then();
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write("\r\n", then);
    socket.uncork();
  };
  const open = () => {
    if (opened) return;
    opened = true;
    socket.write(
      `POST /2018-06-01/runtime/invocation/${requestId}/response HTTP/1.1\r\nHost: ${socket.remoteAddress}:${socket.remotePort}\r\n` +
        `Content-Type: ${contentType}\r\nLambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n` +
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n",
    );
    if (writable._onBeforeFirstWrite) writable._onBeforeFirstWrite((chunk) => send(Buffer.from(chunk)));
  };

  const writable = new Writable({
    highWaterMark,
    write(chunk, _encoding, then) {
      open();
      send(chunk, then);
    },
    final(then) {
      open();
      then();
    },
  });
  const write = writable.write;
  writable.write = function (chunk, ...rest) {
    const plain = typeof chunk === "string" || chunk instanceof Uint8Array;
    return write.call(writable, plain ? chunk : JSON.stringify(chunk), ...rest);
  };
  writable.setContentType = (type) => {
    if (opened) throw new InvalidStreamingOperation("Cannot set content-type, too late.");
    contentType = headerText(type);
  };

  return {
    writable,
    /** Resolves when what was written before `end` has been handed over; at once when the stream was not ended. */
    flushed() {
      if (!writable.writableEnded || writable.writableFinished || writable.destroyed) return undefined;
      return new Promise((resolve) => {
        writable.once("finish", resolve);
        writable.once("close", resolve);
      });
    },
    /** Ends the response, with an error if there is one, and takes the next invocation. */
    finish(error, run) {
      if (error !== undefined && !opened) return client.fail(requestId, describeError(error), run);
      open();
      socket.ref();
      let trailers = "";
      if (error !== undefined) {
        const described = describeError(error);
        const body = Buffer.from(JSON.stringify(described)).toString("base64");
        trailers = `Lambda-Runtime-Function-Error-Type: ${headerText(described.errorType)}\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n`;
      }
      whenOutputFlushed(() => {
        client.expectAnswer(undefined);
        client.expectInvocation(run);
        socket.write(`0\r\n${trailers}\r\n${client.nextHead}`);
      });
    },
  };
}

module.exports = { createResponseStream };
