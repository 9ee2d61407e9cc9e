import { DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME ?? "users";

/** GET /users lists every user, POST /users stores one; a direct event (no httpMethod) is itself the user to store. */
export async function users(event) {
  switch (event.httpMethod) {
    case "GET":
      return respond(200, await listUsers());
    case "POST":
      return storeFromBody(event.body);
    case undefined:
      return putUser(event);
    default:
      return respond(405, { message: `${event.httpMethod} is not supported` });
  }
}

/** Answers the path it was called with. */
export async function welcome(event) {
  return respond(200, event.path);
}

async function listUsers() {
  const found = [];
  let ExclusiveStartKey;
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      found.push({ id: Number(item.id.N), name: item.name.S, email: item.email.S });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

async function storeFromBody(body) {
  let user;
  try {
    user = JSON.parse(body ?? "");
  } catch {
    return respond(400, { message: "The body must be JSON" });
  }
  if (!isUser(user)) return respond(400, { message: "A user has a numeric id, a name and an email" });
  return respond(201, await putUser(user));
}

async function putUser(user) {
  if (!isUser(user)) throw new Error("A user has a numeric id, a name and an email");
  const { id, name, email } = user;
  const Item = { id: { N: String(id) }, name: { S: name }, email: { S: email } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  return { id, name, email };
}

function isUser(user) {
  return Number.isFinite(user?.id) && typeof user.name === "string" && typeof user.email === "string";
}

function respond(statusCode, body) {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" },
    body: JSON.stringify(body),
  };
}
