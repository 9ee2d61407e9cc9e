resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/orders"
  retention_in_days = local.first ? 7 : 14
  tags              = { team = "orders", step = var.step }
}

resource "aws_cloudwatch_log_stream" "audit" {
  name           = "audit"
  log_group_name = aws_cloudwatch_log_group.function.name
}
