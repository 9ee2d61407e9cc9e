import type { ServiceContext } from "../../../kernel/context.ts";

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export function newTraceId(ctx: ServiceContext): string {
  const seconds = Math.floor(ctx.clock.now() / 1000).toString(16);
  return `Root=1-${seconds}-${ctx.ids.hex(24)};Parent=${ctx.ids.hex(16)};Sampled=0`;
}
