#!/usr/bin/env bash
# Removes what deploy.sh made.
set -euo pipefail

export AWS_ENDPOINT_URL="${AWS_ENDPOINT_URL-http://127.0.0.1:4566}"
[ -n "$AWS_ENDPOINT_URL" ] || unset AWS_ENDPOINT_URL
export AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-us-east-1}"
if [ -n "${AWS_ENDPOINT_URL:-}" ] && [ -z "${AWS_SHARED_CREDENTIALS_FILE:-}" ]; then
  export AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-test}" AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-test}"
fi
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text

for api in $(aws apigateway get-rest-apis --query 'items[?name==`users-api`].id'); do
  aws apigateway delete-rest-api --rest-api-id "$api"
done
for name in users welcome; do aws lambda delete-function --function-name "$name"; done
aws iam delete-role-policy --role-name users-api --policy-name table-and-logs
aws iam delete-role --role-name users-api
aws dynamodb delete-table --table-name users >/dev/null
