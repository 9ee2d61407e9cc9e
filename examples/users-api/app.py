"""The same API in Python: deploy it with RUNTIME=python3.13 ./deploy.sh"""

import json
import os

import boto3

dynamodb = boto3.client("dynamodb")
TABLE_NAME = os.environ.get("TABLE_NAME", "users")


def users(event, context):
    """GET /users lists every user, POST /users stores one; a direct event (no httpMethod) is itself the user to store."""
    method = event.get("httpMethod")
    if method == "GET":
        return respond(200, list_users())
    if method == "POST":
        return store_from_body(event.get("body"))
    if method is None:
        return put_user(event)
    return respond(405, {"message": f"{method} is not supported"})


def welcome(event, context):
    """Answers the path it was called with."""
    return respond(200, event["path"])


def list_users():
    found = []
    start = {}
    while True:
        page = dynamodb.scan(TableName=TABLE_NAME, **start)
        for item in page["Items"]:
            found.append({"id": number(item["id"]["N"]), "name": item["name"]["S"], "email": item["email"]["S"]})
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def store_from_body(body):
    try:
        user = json.loads(body or "")
    except ValueError:
        return respond(400, {"message": "The body must be JSON"})
    if not is_user(user):
        return respond(400, {"message": "A user has a numeric id, a name and an email"})
    return respond(201, put_user(user))


def put_user(user):
    if not is_user(user):
        raise ValueError("A user has a numeric id, a name and an email")
    item = {"id": {"N": str(user["id"])}, "name": {"S": user["name"]}, "email": {"S": user["email"]}}
    dynamodb.put_item(TableName=TABLE_NAME, Item=item)
    return {"id": user["id"], "name": user["name"], "email": user["email"]}


def is_user(user):
    return (
        isinstance(user, dict)
        and isinstance(user.get("id"), (int, float))
        and not isinstance(user.get("id"), bool)
        and isinstance(user.get("name"), str)
        and isinstance(user.get("email"), str)
    )


def number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def respond(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps(body),
    }
