import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AwsError } from "../api/aws-error.ts";
import { report } from "./answer.ts";
import type { Deadlines } from "./deadlines.ts";
import { findEndpoint, type ReceiveContext } from "./receive.ts";
import { BadRequest, WireRequest } from "./wire-request.ts";

/** Hands a connection that asks to become a WebSocket to the endpoint it is for, or refuses it in plain HTTP. */
export async function takeUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  context: ReceiveContext & { readonly deadlines: Deadlines },
  requestId: string,
): Promise<void> {
  const trace = { requestId, service: "upgrade" };
  // From here on the endpoint has the socket; an error that it does not listen for must not end the process.
  socket.on("error", () => socket.destroy());
  // A WebSocket is closed from both sides at once.
  socket.on("end", () => socket.end());
  try {
    const wire = new WireRequest(request, socket, false, context.deadlines, context.limits.pauseSeconds);
    const endpoint = findEndpoint(wire, context);
    if (endpoint?.upgrade === undefined) {
      refuse(socket, 404, "Nothing here takes WebSocket connections.");
      return;
    }
    trace.service = endpoint.name;
    await endpoint.upgrade(wire, socket, head);
  } catch (error) {
    if (error instanceof BadRequest) refuse(socket, 400, error.message);
    else if (error instanceof AwsError) refuse(socket, error.status, error.message);
    else {
      report(error, trace, context.log);
      refuse(socket, 500, "Internal server error");
    }
  }
}

function refuse(socket: Duplex, status: number, message: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
