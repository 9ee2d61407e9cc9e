import { describe, expect, it } from "vitest";
import { answerPreflight, judgeOrigin } from "./cors.ts";

const policy = { origins: ["https://app.example"], hosts: ["virga.lan"] };
const judge = (headers: Record<string, string>, host = "localhost") => judgeOrigin(headers, host, policy).kind;

describe("a page's request", () => {
  it.each<[string, string, ReturnType<typeof judge>]>([
    ["http://localhost:5173", "localhost", "allowed"],
    ["http://[::1]", "::1", "allowed"],
    ["https://app.example", "127.0.0.1", "allowed"],
    ["https://app.example", "evil.example", "refused"],
    ["http://virga.lan:4566", "virga.lan", "allowed"],
    ["http://192.168.1.9:4566", "192.168.1.9", "allowed"],
    ["http://192.168.1.8", "192.168.1.9", "refused"],
    ["http://evil.example", "evil.example", "refused"],
    ["https://app.example.evil.example", "localhost", "refused"],
    ["null", "localhost", "refused"],
    ["", "localhost", "refused"],
  ])("from %j to %s is %s", (origin, host, kind) => {
    expect(judge({ origin }, host)).toBe(kind);
  });

  it("without an origin is a browser's by its agent, and must come under a local name", () => {
    const agent = { "user-agent": "Mozilla/5.0 (X11)" };
    expect(judge(agent)).toBe("none");
    expect(judge(agent, "virga.lan")).toBe("none");
    expect(judge(agent, "evil.example")).toBe("refused");
    expect(judge({ "user-agent": "Boto3/1.43" }, "evil.example")).toBe("none");
    expect(judge({ ...agent, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).toBe("refused");
    expect(judge({ ...agent, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).toBe("none");
  });
});

describe("a preflight", () => {
  const asked = { origin: "https://app.example", "access-control-request-method": "PUT" };

  it("is answered for allowed origins only", () => {
    const allowed = judgeOrigin(asked, "localhost", policy);
    expect(answerPreflight("OPTIONS", asked, allowed)?.status).toBe(204);
    expect(answerPreflight("PUT", asked, allowed)).toBeUndefined();
    expect(answerPreflight("OPTIONS", {}, allowed)).toBeUndefined();
    const refused = judgeOrigin({ ...asked, origin: "https://evil.example" }, "localhost", policy);
    expect(answerPreflight("OPTIONS", asked, refused)).toBeUndefined();
  });

  it("of a public page for a private address is answered as Chrome asks", () => {
    const headers = { ...asked, "access-control-request-private-network": "true" };
    const answer = answerPreflight("OPTIONS", headers, judgeOrigin(headers, "localhost", policy));
    expect(answer?.headers).toContainEqual(["access-control-allow-private-network", "true"]);
  });
});
