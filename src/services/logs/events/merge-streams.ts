import type { Snapshot } from "../../../kernel/records.ts";
import { logEvents, type LogEventRow, type LogStreamRow } from "../state.ts";

/** An event and the stream it is of. */
export interface StreamEvent {
  readonly stream: LogStreamRow;
  readonly event: LogEventRow;
}

/** Where a merged listing stands: behind this event. */
export interface MergePosition {
  readonly timestamp: number;
  readonly streamName: string;
  readonly sequence: number;
}

interface Head extends StreamEvent {
  readonly rest: AsyncIterator<LogEventRow>;
}

/** The events of several streams as one listing by time, then stream name, then order of arrival. `end` is inclusive. */
export async function* mergeStreams(
  snapshot: Snapshot,
  streams: readonly LogStreamRow[],
  start: number,
  end: number,
  after: MergePosition | undefined,
): AsyncGenerator<StreamEvent, void, undefined> {
  const heads: Head[] = [];
  for (const stream of streams) {
    if (stream.lastEventAt === undefined || stream.lastEventAt < start || stream.firstEventAt! > end) continue;
    const events = snapshot.list(logEvents, {
      prefix: [stream.id],
      from: startKey(stream, start, after),
      before: [stream.id, end + 1],
    });
    await pushHead(heads, stream, events[Symbol.asyncIterator]());
  }
  try {
    for (;;) {
      const head = heads.pop();
      if (!head) return;
      yield head;
      await pushHead(heads, head.stream, head.rest);
    }
  } finally {
    for (const { rest } of heads) await rest.return?.();
  }
}

function startKey(stream: LogStreamRow, start: number, after: MergePosition | undefined): (string | number)[] {
  if (!after || after.timestamp < start) return [stream.id, start];
  if (stream.name > after.streamName) return [stream.id, after.timestamp];
  if (stream.name < after.streamName) return [stream.id, after.timestamp + 1];
  return [stream.id, after.timestamp, after.sequence + 1];
}

/** Keeps the heads in descending order, so that the next event is the last. */
async function pushHead(heads: Head[], stream: LogStreamRow, rest: AsyncIterator<LogEventRow>): Promise<void> {
  const next = await rest.next();
  if (next.done) return;
  const head = { stream, event: next.value, rest };
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(head, heads[middle]!)) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}

function isBefore(a: Head, b: Head): boolean {
  if (a.event.timestamp !== b.event.timestamp) return a.event.timestamp < b.event.timestamp;
  return a.stream.name < b.stream.name;
}
