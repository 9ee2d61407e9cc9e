locals {
  package = "package-${var.step}.zip"
}

resource "aws_lambda_function" "orders" {
  function_name    = "orders"
  description      = "Answers orders"
  role             = aws_iam_role.function.arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  memory_size      = local.first ? 128 : 256
  timeout          = 10
  publish          = true
  layers           = [aws_lambda_layer_version.shared.arn]

  reserved_concurrent_executions = local.first ? 5 : 7
  environment {
    variables = { STEP = var.step, TABLE = aws_dynamodb_table.orders.name }
  }
  tags       = { team = "orders", step = var.step }
  depends_on = [aws_cloudwatch_log_group.function]
}

resource "aws_lambda_layer_version" "shared" {
  layer_name          = "shared"
  filename            = local.package
  source_code_hash    = filebase64sha256(local.package)
  compatible_runtimes = ["nodejs22.x"]
}

resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name                = aws_lambda_function.orders.function_name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = local.first ? 0 : 1
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
  cors {
    allow_origins = ["*"]
    allow_methods = local.first ? ["GET"] : ["*"]
  }
}

resource "aws_lambda_permission" "events" {
  statement_id  = "events"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:us-east-1:000000000000:rule/nightly"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

data "aws_lambda_invocation" "orders" {
  function_name = aws_lambda_function.orders.function_name
  qualifier     = aws_lambda_alias.live.name
  input         = jsonencode({ hello = "terraform" })
}

output "answer" {
  value = jsondecode(data.aws_lambda_invocation.orders.result)
}
