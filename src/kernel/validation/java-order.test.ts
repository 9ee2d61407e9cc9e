import { describe, expect, it } from "vitest";
import { enumOrder, hashMapOrder, javaHash } from "./java-order.ts";

describe("javaHash", () => {
  it.each([
    ["", 0],
    ["a", 97],
    ["hello", 99_162_322],
    // Overflows 32 bits.
    ["polygenelubricants", -2_147_483_648],
  ])("of %j is %d", (text, hash) => {
    expect(javaHash(text)).toBe(hash);
  });
});

describe("the order of members", () => {
  // Recorded answers of AWS that name several members.
  it.each([
    [
      ["AttributeName", "AttributeType"],
      ["attributeType", "attributeName"],
    ],
    [
      ["ReadCapacityUnits", "WriteCapacityUnits"],
      ["writeCapacityUnits", "readCapacityUnits"],
    ],
    [
      ["domain", "execution"],
      ["execution", "domain"],
    ],
    [
      ["workflowId", "runId"],
      ["runId", "workflowId"],
    ],
    [
      ["GroupName", "Username"],
      ["groupName", "username"],
    ],
    [
      ["DomainName", "SubjectAlternativeNames"],
      ["subjectAlternativeNames", "domainName"],
    ],
    [
      ["Label", "AWSAccountId", "ActionName"],
      ["aWSAccountId", "label", "actionName"],
    ],
  ])("of %j is %j", (members, expected) => {
    expect(hashMapOrder(members.map((member) => member.charAt(0).toLowerCase() + member.slice(1)))).toEqual(expected);
  });

  it("is that of a map that has grown", () => {
    // 13 entries need 32 buckets: "p" (112 & 31 = 16) then comes after "a" (97 & 31 = 1), no longer before it.
    const few = ["a", "p"];
    const many = "abcdefghijkpz".split("");
    expect(hashMapOrder(few)).toEqual(["p", "a"]);
    expect(hashMapOrder(many).indexOf("a")).toBeLessThan(hashMapOrder(many).indexOf("p"));
  });
});

describe("the order of an enum's values", () => {
  // Recorded answers of AWS; the model's order on the left.
  it.each([
    ["INDEXES TOTAL NONE", "INDEXES TOTAL NONE"],
    ["S N B", "B N S"],
    ["NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW", "ALL_NEW UPDATED_OLD ALL_OLD NONE UPDATED_NEW"],
    [
      "EQ NE IN LE LT GE GT BETWEEN NOT_NULL NULL CONTAINS NOT_CONTAINS BEGINS_WITH",
      "IN NULL BETWEEN LT NOT_CONTAINS EQ GT NOT_NULL NE LE BEGINS_WITH GE CONTAINS",
    ],
    ["json plain w3c raw parquet", "w3c raw json plain parquet"],
    ["HTTP HTTPS TCP TLS UDP TCP_UDP", "UDP TCP TCP_UDP HTTP HTTPS TLS"],
  ])("%s is %s", (values, expected) => {
    expect(enumOrder(values.split(" ")).join(" ")).toBe(expected);
  });
});
