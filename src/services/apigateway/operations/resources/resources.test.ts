import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let api: TestApi;
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  api = await TestApi.make(platform.aws());
});
afterEach(() => platform.close());

const create = (parentId: string, pathPart: string) =>
  apigateway.CreateResource({ restApiId: api.id, parentId, pathPart });

describe("CreateResource", () => {
  test("a resource has its whole path, and is read back", async () => {
    const users = await create(api.rootId, "users");
    expect(users).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{6}$/),
      parentId: api.rootId,
      pathPart: "users",
      path: "/users",
    });
    const user = await create(users.id!, "{id}");
    expect(user.path).toBe("/users/{id}");
    expect((await create(user.id!, "{rest+}")).path).toBe("/users/{id}/{rest+}");
    expect(await apigateway.GetResource({ restApiId: api.id, resourceId: users.id! })).toEqual(users);
  });

  test("names are taken once under one parent", async () => {
    const users = await create(api.rootId, "users");
    await create(users.id!, "users");
    await expect(create(api.rootId, "users")).rejects.toMatchObject({
      code: "ConflictException",
      status: 409,
      message: "Another resource with the same parent already has this name: users",
    });
  });

  test("one variable of each kind stands under a parent", async () => {
    await create(api.rootId, "{id}");
    const greedy = await create(api.rootId, "{proxy+}");
    await create(api.rootId, "fixed");
    await expect(create(api.rootId, "{other}")).rejects.toMatchObject({
      message: "A sibling ({id}) of this resource already has a variable path part -- only one is allowed",
    });
    await expect(create(api.rootId, "{rest+}")).rejects.toMatchObject({
      message: "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
    });
    await expect(create(greedy.id!, "x")).rejects.toMatchObject({
      status: 400,
      message: "Cannot create a child of a resource with a greedy path variable: {proxy+}",
    });
  });

  test.each(["a b", "{a", "a}", "{a}b", "{+}", "a/b", "{}", "ä", "{a+b}"])("%s is no path part", async (part) => {
    await expect(create(api.rootId, part)).rejects.toMatchObject({
      code: "BadRequestException",
      message: expect.stringMatching(/^Resource's path part only allow/),
    });
  });

  test.each(["a-b_c.d:e~".slice(0, 9), "{a.b-c}", "v1"])("%s is a path part", async (part) => {
    expect((await create(api.rootId, part)).path).toBe(`/${part}`);
  });

  test("parent and API must exist", async () => {
    await expect(create("nope", "a")).rejects.toMatchObject({ message: "Invalid Resource identifier specified" });
    await expect(create(api.rootId, "")).rejects.toMatchObject({ message: "Resource's path part must be specified" });
    await expect(
      apigateway.CreateResource({ restApiId: "nope", parentId: api.rootId, pathPart: "a" }),
    ).rejects.toMatchObject({ message: "Invalid API identifier specified 000000000000:nope" });
  });

  test("an API has 300 resources at most", async () => {
    for (let count = 1; count < 300; count++) await create(api.rootId, `r${count}`);
    await expect(create(api.rootId, "more")).rejects.toMatchObject({ code: "LimitExceededException", status: 429 });
  });
});

test("GetResources lists by path in pages, with methods by name or whole", async () => {
  const named = await api.mock("GET", "/b");
  await api.resource("/a/c");
  const first = await apigateway.GetResources({ restApiId: api.id, limit: 3 });
  expect(first.items!.map(({ path }) => path)).toEqual(["/", "/a", "/a/c"]);
  const { items, position } = await apigateway.GetResources({ restApiId: api.id, position: first.position });
  expect(position).toBeUndefined();
  expect(items).toEqual([
    { id: named.resourceId, parentId: api.rootId, pathPart: "b", path: "/b", resourceMethods: { GET: {} } },
  ]);
  const whole = await apigateway.GetResource({ restApiId: api.id, resourceId: named.resourceId, embed: ["methods"] });
  expect(whole.resourceMethods!["GET"]).toEqual(await apigateway.GetMethod(named));
});

describe("UpdateResource", () => {
  const update = (resourceId: string, ...patchOperations: PatchOperation[]) =>
    apigateway.UpdateResource({ restApiId: api.id, resourceId, patchOperations });

  test("a resource that moves takes what is below it along", async () => {
    const below = await api.resource("/a/b/c");
    const to = await api.resource("/x");
    const b = await api.resource("/a/b");
    expect(await update(b, { op: "replace", path: "/parentId", value: to })).toMatchObject({ path: "/x/b" });
    expect(await update(b, { op: "replace", path: "/pathPart", value: "y" })).toMatchObject({ path: "/x/y" });
    expect((await apigateway.GetResource({ restApiId: api.id, resourceId: below })).path).toBe("/x/y/c");
  });

  test.each([
    [
      "replace",
      "/invalid",
      "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    ],
    [
      "remove",
      "/pathPart",
      "Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations",
    ],
    ["add", "/pathPart", "Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations"],
  ] as const)("%s %s is refused", async (op, path, message) => {
    await expect(update(await api.resource("/a"), { op, path, value: "x" })).rejects.toMatchObject({
      status: 400,
      message,
    });
  });

  test("no resource stands below itself or where another stands", async () => {
    const inner = await api.resource("/a/b");
    const a = await api.resource("/a");
    await api.resource("/b");
    const to = (parentId: string, id: string) => update(id, { op: "replace", path: "/parentId", value: parentId });
    await expect(to(inner, a)).rejects.toMatchObject({ message: "Resources cannot be cyclical." });
    await expect(to(api.rootId, inner)).rejects.toMatchObject({
      message: "Another resource with the same parent already has this name: b",
    });
    await expect(to("nope", inner)).rejects.toMatchObject({ message: "Invalid Resource identifier specified" });
    await expect(to(a, "nope")).rejects.toMatchObject({ message: "Invalid Resource identifier specified" });
    await expect(to(a, api.rootId)).rejects.toMatchObject({ status: 400 });
  });
});

test("DeleteResource takes what stands below along, and leaves the root", async () => {
  await api.mock("GET", "/a/b");
  const [a, b] = [await api.resource("/a"), await api.resource("/a/b")];
  expect(await apigateway.DeleteResource({ restApiId: api.id, resourceId: a })).toEqual({});
  await expect(apigateway.GetResource({ restApiId: api.id, resourceId: b })).rejects.toMatchObject({
    code: "NotFoundException",
    message: "Invalid Resource identifier specified",
  });
  await expect(apigateway.DeleteResource({ restApiId: api.id, resourceId: api.rootId })).rejects.toMatchObject({
    status: 400,
  });
  await expect(apigateway.DeleteResource({ restApiId: api.id, resourceId: a })).rejects.toMatchObject({ status: 404 });
});
