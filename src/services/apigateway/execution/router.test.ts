import { expect, test } from "vitest";
import type { MethodRow, ResourceRow } from "../state.ts";
import { Router } from "./router.ts";

/** A router for these methods: `GET /users/{id}`. */
function routerFor(...methods: string[]): Router {
  const resources = new Map<string, ResourceRow>([["/", { apiId: "a", id: "/", path: "/" }]]);
  const rows: MethodRow[] = [];
  for (const method of methods) {
    const [httpMethod = "", path = ""] = method.split(" ");
    let parent = "/";
    for (const pathPart of path.split("/").filter((part) => part !== "")) {
      const at: string = parent === "/" ? `/${pathPart}` : `${parent}/${pathPart}`;
      resources.set(at, { apiId: "a", id: at, parentId: parent, pathPart, path: at });
      parent = at;
    }
    const integration: MethodRow["integration"] = {
      type: "MOCK",
      passthroughBehavior: "NEVER",
      timeoutInMillis: 29_000,
      cacheNamespace: "",
      cacheKeyParameters: [],
      responses: {},
    };
    rows.push({ apiId: "a", resourceId: parent, httpMethod, authorizationType: "NONE", responses: {}, integration });
  }
  return new Router({ resources: [...resources.values()], methods: rows });
}

const router = routerFor(
  "GET /",
  "GET /users",
  "POST /users",
  "GET /users/me",
  "ANY /users/{id}",
  "DELETE /users/{id}",
  "GET /users/{id}/posts",
  "ANY /users/{rest+}",
  "GET /files/{path+}",
  "ANY /{proxy+}",
);

test.each([
  ["GET /", "GET /", {}],
  ["GET /users", "GET /users", {}],
  ["GET /users/", "GET /users", {}],
  ["GET //users", "GET /users", {}],
  ["GET /users/me", "GET /users/me", {}],
  ["PUT /users/me", "ANY /users/{id}", { id: "me" }],
  ["DELETE /users/7", "DELETE /users/{id}", { id: "7" }],
  ["GET /users/a%2Fb", "ANY /users/{id}", { id: "a%2Fb" }],
  ["GET /users/7/posts", "GET /users/{id}/posts", { id: "7" }],
  ["GET /users/7/likes", "ANY /users/{rest+}", { rest: "7/likes" }],
  ["PUT /users", "ANY /{proxy+}", { proxy: "users" }],
  ["GET /files/a/b.txt", "GET /files/{path+}", { path: "a/b.txt" }],
  ["GET /files", "ANY /{proxy+}", { proxy: "files" }],
  ["POST /files/a", "ANY /{proxy+}", { proxy: "files/a" }],
  ["GET /constructor", "ANY /{proxy+}", { proxy: "constructor" }],
])("%s is answered by %s", (request, expected, parameters) => {
  const [method = "", path = ""] = request.split(" ");
  const route = router.match(method, path)!;
  expect(`${route.method.row.httpMethod} ${route.resource.path}`).toBe(expected);
  expect(Object.fromEntries(route.pathParameters)).toEqual(parameters);
});

test("what no method takes has no route", () => {
  expect(router.match("POST", "/")).toBeUndefined();
  expect(routerFor("GET /users").match("GET", "/users/7")).toBeUndefined();
});

test("a path of very many segments costs no more than its length", () => {
  const deep = "/a".repeat(50_000);
  expect(routerFor("GET /{a}/{b}/{c}", "ANY /{proxy+}").match("GET", deep)!.pathParameters.has("proxy")).toBe(true);
});
