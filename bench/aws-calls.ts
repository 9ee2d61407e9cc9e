import { httpRequest } from "./http-load.ts";

/** Headers of a signed request. Lenient platforms take any key; its signature is not looked at. */
export function signed(service: string): Record<string, string> {
  const day = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `test/${day.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  return {
    "x-amz-date": day,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
  };
}

export function jsonRequest(service: string, target: string, body: object): Buffer {
  const headers = { ...jsonHeaders(service), "x-amz-target": target };
  return httpRequest("POST", "/", headers, JSON.stringify(body));
}

function jsonHeaders(service: string): Record<string, string> {
  return { ...signed(service), "content-type": "application/x-amz-json-1.0" };
}

export async function call(
  port: number,
  service: string,
  target: string,
  body: Record<string, unknown>,
): Promise<string> {
  const headers = target
    ? { ...jsonHeaders(service), "x-amz-target": target }
    : { ...signed(service), "content-type": "application/x-www-form-urlencoded" };
  const form = new URLSearchParams({ Version: "2010-05-08", ...(body as Record<string, string>) });
  return checked(
    await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: target ? JSON.stringify(body) : form }),
  );
}

export async function rest(
  port: number,
  service: string,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const headers = { ...signed(service), "content-type": "application/json" };
  const sent = body ? { body: JSON.stringify(body) } : {};
  return checked(await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...sent }));
}

async function checked(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status} ${text}`);
  return text;
}
