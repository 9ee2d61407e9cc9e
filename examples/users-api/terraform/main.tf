# The users API of this example as Terraform: a table, two functions and a REST API, on Virga or on AWS.

terraform {
  required_version = ">= 1.4"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

# Where and as whom comes from AWS_ENDPOINT_URL, AWS_REGION and the usual variables for credentials.
provider "aws" {}

variable "package" {
  description = "Zip archive that holds index.mjs or app.py."
  type        = string
  default     = "function.zip"
}

variable "runtime" {
  description = "nodejs… or python…, as what the archive holds."
  type        = string
  default     = "nodejs22.x"
}

variable "stage" {
  type    = string
  default = "dev"
}

locals {
  module = startswith(var.runtime, "python") ? "app" : "index"
}

# ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────────

resource "aws_dynamodb_table" "users" {
  name         = "users"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "N"
  }
}

# ── What the functions may do ────────────────────────────────────────────────────────────────────────────────────────

data "aws_iam_policy_document" "assumed_by_lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "table" {
  statement {
    actions   = ["dynamodb:Scan", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.users.arn]
  }
}

resource "aws_iam_role" "functions" {
  name               = "users-api"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_lambda.json
}

resource "aws_iam_role_policy" "table" {
  name   = "table"
  role   = aws_iam_role.functions.id
  policy = data.aws_iam_policy_document.table.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.functions.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# ── The functions ────────────────────────────────────────────────────────────────────────────────────────────────────

resource "aws_cloudwatch_log_group" "function" {
  for_each          = toset(["users", "welcome"])
  name              = "/aws/lambda/${each.key}"
  retention_in_days = 14
}

resource "aws_lambda_function" "function" {
  for_each         = aws_cloudwatch_log_group.function
  function_name    = each.key
  runtime          = var.runtime
  handler          = "${local.module}.${each.key}"
  role             = aws_iam_role.functions.arn
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  timeout          = 15

  environment {
    variables = { TABLE_NAME = aws_dynamodb_table.users.name }
  }
}

resource "aws_lambda_permission" "api" {
  for_each      = aws_lambda_function.function
  statement_id  = "users-api"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.users.execution_arn}/*"
}

# ── The API ──────────────────────────────────────────────────────────────────────────────────────────────────────────

resource "aws_api_gateway_rest_api" "users" {
  name = "users-api"
}

resource "aws_api_gateway_resource" "users" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  parent_id   = aws_api_gateway_rest_api.users.root_resource_id
  path_part   = "users"
}

resource "aws_api_gateway_resource" "welcome" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  parent_id   = aws_api_gateway_rest_api.users.root_resource_id
  path_part   = "welcome"
}

resource "aws_api_gateway_resource" "anything" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  parent_id   = aws_api_gateway_resource.welcome.id
  path_part   = "{proxy+}"
}

# Here the function sees the whole request and answers the whole response.
locals {
  proxied = {
    "list users"     = { method = "GET", resource = aws_api_gateway_resource.users.id, function = "users" }
    "store a user"   = { method = "POST", resource = aws_api_gateway_resource.users.id, function = "users" }
    "welcome"        = { method = "GET", resource = aws_api_gateway_resource.welcome.id, function = "welcome" }
    "welcome deeper" = { method = "ANY", resource = aws_api_gateway_resource.anything.id, function = "welcome" }
  }
}

resource "aws_api_gateway_method" "proxied" {
  for_each      = local.proxied
  rest_api_id   = aws_api_gateway_rest_api.users.id
  resource_id   = each.value.resource
  http_method   = each.value.method
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "proxied" {
  for_each                = local.proxied
  rest_api_id             = aws_api_gateway_rest_api.users.id
  resource_id             = each.value.resource
  http_method             = aws_api_gateway_method.proxied[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.function[each.value.function].invoke_arn
}

# PUT /users: templates make the event and the answer.
resource "aws_api_gateway_method" "put_user" {
  rest_api_id   = aws_api_gateway_rest_api.users.id
  resource_id   = aws_api_gateway_resource.users.id
  http_method   = "PUT"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "put_user" {
  rest_api_id             = aws_api_gateway_rest_api.users.id
  resource_id             = aws_api_gateway_resource.users.id
  http_method             = aws_api_gateway_method.put_user.http_method
  type                    = "AWS"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.function["users"].invoke_arn
  passthrough_behavior    = "NEVER"
  request_templates       = { "application/json" = "$input.json('$')" }
}

resource "aws_api_gateway_method_response" "put_user" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  resource_id = aws_api_gateway_resource.users.id
  http_method = aws_api_gateway_method.put_user.http_method
  status_code = "200"
}

resource "aws_api_gateway_integration_response" "put_user" {
  rest_api_id        = aws_api_gateway_rest_api.users.id
  resource_id        = aws_api_gateway_resource.users.id
  http_method        = aws_api_gateway_integration.put_user.http_method
  status_code        = aws_api_gateway_method_response.put_user.status_code
  response_templates = { "application/json" = "$input.json('$')" }
}

# CORS: OPTIONS /users answers by itself.
resource "aws_api_gateway_method" "preflight" {
  rest_api_id   = aws_api_gateway_rest_api.users.id
  resource_id   = aws_api_gateway_resource.users.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "preflight" {
  rest_api_id       = aws_api_gateway_rest_api.users.id
  resource_id       = aws_api_gateway_resource.users.id
  http_method       = aws_api_gateway_method.preflight.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "preflight" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  resource_id = aws_api_gateway_resource.users.id
  http_method = aws_api_gateway_method.preflight.http_method
  status_code = "200"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = false
    "method.response.header.Access-Control-Allow-Methods" = false
    "method.response.header.Access-Control-Allow-Headers" = false
  }
}

resource "aws_api_gateway_integration_response" "preflight" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  resource_id = aws_api_gateway_resource.users.id
  http_method = aws_api_gateway_integration.preflight.http_method
  status_code = aws_api_gateway_method_response.preflight.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = "'*'"
    "method.response.header.Access-Control-Allow-Methods" = "'GET,POST,PUT,OPTIONS'"
    "method.response.header.Access-Control-Allow-Headers" = "'Content-Type'"
  }
}

# A deployment is a copy of the API, so a change here needs a new one.
resource "aws_api_gateway_deployment" "users" {
  rest_api_id = aws_api_gateway_rest_api.users.id
  triggers    = { api = filesha1("${path.module}/main.tf") }
  depends_on = [
    aws_api_gateway_integration.proxied,
    aws_api_gateway_integration_response.put_user,
    aws_api_gateway_integration_response.preflight,
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "users" {
  rest_api_id   = aws_api_gateway_rest_api.users.id
  deployment_id = aws_api_gateway_deployment.users.id
  stage_name    = var.stage
}

output "api_id" {
  description = "On Virga, the API answers at $AWS_ENDPOINT_URL/_aws/execute-api/<api_id>/<stage>."
  value       = aws_api_gateway_rest_api.users.id
}

output "stage" {
  value = aws_api_gateway_stage.users.stage_name
}

output "invoke_url" {
  description = "Where the API answers on AWS."
  value       = aws_api_gateway_stage.users.invoke_url
}
