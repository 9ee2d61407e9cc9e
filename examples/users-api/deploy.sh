#!/usr/bin/env bash
# Deploys the users API with plain AWS CLI commands (version 1 or 2), and calls it.
#   AWS_ENDPOINT_URL   the platform (default http://127.0.0.1:4566; set it empty for real AWS)
#   RUNTIME            nodejs22.x (default) or python3.13
set -euo pipefail
cd "$(dirname "$0")"

export AWS_ENDPOINT_URL="${AWS_ENDPOINT_URL-http://127.0.0.1:4566}"
[ -n "$AWS_ENDPOINT_URL" ] || unset AWS_ENDPOINT_URL
export AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-us-east-1}"
if [ -n "${AWS_ENDPOINT_URL:-}" ] && [ -z "${AWS_SHARED_CREDENTIALS_FILE:-}" ]; then
  export AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-test}" AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-test}"
fi
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text

region="$AWS_DEFAULT_REGION"
runtime="${RUNTIME:-nodejs22.x}"
case "$runtime" in
  nodejs*) file=index.mjs module=index ;;
  python*) file=app.py module=app ;;
  *) echo "RUNTIME must be a nodejs or python runtime, not $runtime." >&2; exit 2 ;;
esac

step() { printf '\n── %s\n' "$*"; }

step "Table users"
aws dynamodb create-table --table-name users --billing-mode PAY_PER_REQUEST \
  --attribute-definitions AttributeName=id,AttributeType=N --key-schema AttributeName=id,KeyType=HASH \
  --query TableDescription.TableArn
aws dynamodb wait table-exists --table-name users
account="$(aws sts get-caller-identity --query Account)"

step "Role users-api, which may use the table and write logs"
role="$(aws iam create-role --role-name users-api --query Role.Arn --assume-role-policy-document '{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}')"
echo "$role"
aws iam put-role-policy --role-name users-api --policy-name table-and-logs --policy-document "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {\"Effect\": \"Allow\", \"Action\": [\"dynamodb:Scan\", \"dynamodb:PutItem\"],
     \"Resource\": \"arn:aws:dynamodb:$region:$account:table/users\"},
    {\"Effect\": \"Allow\", \"Action\": [\"logs:CreateLogGroup\", \"logs:CreateLogStream\", \"logs:PutLogEvents\"],
     \"Resource\": \"*\"}
  ]
}"
# On AWS a new role needs some seconds until Lambda may assume it.
[ -n "${AWS_ENDPOINT_URL:-}" ] || sleep 10

step "Functions users and welcome ($runtime)"
package="$(mktemp -d)/function.zip"
trap 'rm -rf "$(dirname "$package")"' EXIT
python3 -m zipfile -c "$package" "$file" 2>/dev/null || zip -q "$package" "$file"
for name in users welcome; do
  aws lambda create-function --function-name "$name" --runtime "$runtime" --handler "$module.$name" --role "$role" \
    --timeout 15 --environment Variables={TABLE_NAME=users} --zip-file "fileb://$package" --query FunctionArn
  aws lambda wait function-active-v2 --function-name "$name"
done

step "REST API"
api="$(aws apigateway create-rest-api --name users-api --query id)"
top="$(aws apigateway get-resources --rest-api-id "$api" --query 'items[?path==`/`].id')"
resource() { aws apigateway create-resource --rest-api-id "$api" --parent-id "$1" --path-part "$2" --query id; }
users="$(resource "$top" users)"
welcome="$(resource "$top" welcome)"
anything="$(resource "$welcome" '{proxy+}')"
echo "$api"

uri() {
  echo "arn:aws:apigateway:$region:lambda:path/2015-03-31/functions/arn:aws:lambda:$region:$account:function:$1/invocations"
}
# The function sees the whole request and answers the whole response.
proxy() { # resource, method, function
  aws apigateway put-method --rest-api-id "$api" --resource-id "$1" --http-method "$2" --authorization-type NONE >/dev/null
  aws apigateway put-integration --rest-api-id "$api" --resource-id "$1" --http-method "$2" \
    --type AWS_PROXY --integration-http-method POST --uri "$(uri "$3")" >/dev/null
}
proxy "$users" GET users
proxy "$users" POST users
proxy "$welcome" GET welcome
proxy "$anything" ANY welcome

step "PUT /users, where templates make the event and the answer"
aws apigateway put-method --rest-api-id "$api" --resource-id "$users" --http-method PUT --authorization-type NONE >/dev/null
aws apigateway put-integration --rest-api-id "$api" --resource-id "$users" --http-method PUT --type AWS \
  --integration-http-method POST --uri "$(uri users)" --passthrough-behavior NEVER \
  --request-templates "{\"application/json\": \"\$input.json('\$')\"}" >/dev/null
aws apigateway put-method-response --rest-api-id "$api" --resource-id "$users" --http-method PUT --status-code 200 >/dev/null
aws apigateway put-integration-response --rest-api-id "$api" --resource-id "$users" --http-method PUT \
  --status-code 200 --response-templates "{\"application/json\": \"\$input.json('\$')\"}" >/dev/null

step "CORS: OPTIONS /users answers by itself"
aws apigateway put-method --rest-api-id "$api" --resource-id "$users" --http-method OPTIONS --authorization-type NONE >/dev/null
aws apigateway put-integration --rest-api-id "$api" --resource-id "$users" --http-method OPTIONS --type MOCK \
  --request-templates '{"application/json": "{\"statusCode\": 200}"}' >/dev/null
aws apigateway put-method-response --rest-api-id "$api" --resource-id "$users" --http-method OPTIONS --status-code 200 \
  --response-parameters '{
    "method.response.header.Access-Control-Allow-Origin": false,
    "method.response.header.Access-Control-Allow-Methods": false,
    "method.response.header.Access-Control-Allow-Headers": false
  }' >/dev/null
aws apigateway put-integration-response --rest-api-id "$api" --resource-id "$users" --http-method OPTIONS --status-code 200 \
  --response-parameters '{
    "method.response.header.Access-Control-Allow-Origin": "'"'*'"'",
    "method.response.header.Access-Control-Allow-Methods": "'"'GET,POST,PUT,OPTIONS'"'",
    "method.response.header.Access-Control-Allow-Headers": "'"'Content-Type'"'"
  }' >/dev/null

step "Permission for the API to call the functions, and stage dev"
for name in users welcome; do
  aws lambda add-permission --function-name "$name" --statement-id "users-api-$api" --action lambda:InvokeFunction \
    --principal apigateway.amazonaws.com --source-arn "arn:aws:execute-api:$region:$account:$api/*" >/dev/null
done
aws apigateway create-deployment --rest-api-id "$api" --stage-name dev --query id

if [ -n "${AWS_ENDPOINT_URL:-}" ]; then
  url="$AWS_ENDPOINT_URL/_aws/execute-api/$api/dev"
else
  url="https://$api.execute-api.$region.amazonaws.com/dev"
fi
step "Calls to $url"
call() { echo "\$ curl $*"; curl -sS --fail-with-body --max-time 30 "$@"; echo; }
call -X POST "$url/users" -H 'Content-Type: application/json' -d '{"id": 1, "name": "Ada", "email": "ada@example.com"}'
call -X PUT "$url/users" -H 'Content-Type: application/json' -d '{"id": 2, "name": "Grace", "email": "grace@example.com"}'
call "$url/users"
call "$url/welcome/to/the/cloud"
