import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { eventBytes, maxAnswerBytes, maxAnswerEvents, oldestVisible } from "../events/answer-limits.ts";
import { logGroupNameOf, requireLogGroup, requireLogStream } from "../find-log-group.ts";
import { logEvents, type LogEventRow } from "../state.ts";

type Position = readonly [timestamp: number, sequence: number];

/**
 * Reads a stream in either direction. Tokens are positions: an answer at the end of the stream gives back the token that
 * was sent, which is how clients see that they are there.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export const getLogEvents: Handler<CloudWatchLogsApi["GetLogEvents"]> = async (input, ctx) => {
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const forwards = token ? token.forwards : (input.startFromHead ?? false);
  const limit = input.limit ?? maxAnswerEvents;
  const name = logGroupNameOf(input);

  const found = await ctx.read(async (snapshot) => {
    const group = await requireLogGroup(snapshot, name);
    const { id } = await requireLogStream(snapshot, group, input.logStreamName);
    const start = Math.max(input.startTime ?? 0, oldestVisible(group, ctx.clock.now()));
    const rows: LogEventRow[] = [];
    let bytes = 0;
    const range = {
      prefix: [id],
      from: [id, start],
      ...(token?.forwards && { after: [id, ...token.position] }),
      before: [id, ...earlier(input.endTime, token && !token.forwards ? token.position : undefined)],
      reverse: !forwards,
    };
    for await (const row of snapshot.list(logEvents, range)) {
      bytes += eventBytes(row.message);
      if (rows.length === limit || bytes > maxAnswerBytes) break;
      rows.push(row);
    }
    return forwards ? rows : rows.toReversed();
  });

  const first = found[0];
  const last = found.at(-1);
  const here: Position = token?.position ?? [0, 0];
  return {
    events: found.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
    nextForwardToken: writeToken("f", last ? [last.timestamp, last.sequence] : here),
    nextBackwardToken: writeToken("b", first ? [first.timestamp, first.sequence] : here),
  };
};

/** The key to stop before: the end time (exclusive), or where the last page began, whichever is earlier. */
function earlier(endTime: number | undefined, position: Position | undefined): readonly number[] {
  const end = endTime ?? Number.MAX_SAFE_INTEGER;
  return position && position[0] < end ? position : [end];
}

const tokenForm = /^([fb])\/(\d{28})(\d{28})$/;

function writeToken(direction: "f" | "b", [timestamp, sequence]: Position): string {
  return `${direction}/${String(timestamp).padStart(28, "0")}${String(sequence).padStart(28, "0")}`;
}

function parseToken(token: string): { forwards: boolean; position: Position } {
  const match = tokenForm.exec(token);
  if (!match) throw new InvalidParameterException({ message: "The specified nextToken is invalid." });
  return { forwards: match[1] === "f", position: [Number(match[2]), Number(match[3])] };
}
