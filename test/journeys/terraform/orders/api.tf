resource "aws_api_gateway_rest_api" "orders" {
  name               = local.first ? "orders" : "orders-two"
  description        = local.first ? "Orders" : "Orders, again"
  binary_media_types = local.first ? ["image/png"] : ["image/png", "image/jpeg"]
  tags               = { team = "orders", step = var.step }
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = local.first ? "{id}" : "{order}"
}

resource "aws_api_gateway_method" "order" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.order.id
  http_method   = "GET"
  authorization = "NONE"
  request_parameters = merge(
    { "method.request.path.id" = true },
    local.first ? {} : { "method.request.querystring.q" = false },
  )
}

resource "aws_api_gateway_integration" "order" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.order.id
  http_method             = aws_api_gateway_method.order.http_method
  type                    = "AWS"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.orders.invoke_arn
  timeout_milliseconds    = local.first ? 29000 : 10000
  passthrough_behavior    = "NEVER"
  request_templates = merge(
    { "application/json" = local.first ? "{}" : "{\"id\": \"$input.params('order')\"}" },
    local.first ? { "text/plain" = "{}" } : {},
  )
}

resource "aws_api_gateway_method_response" "order" {
  for_each            = toset(local.first ? ["200"] : ["200", "400"])
  rest_api_id         = aws_api_gateway_rest_api.orders.id
  resource_id         = aws_api_gateway_resource.order.id
  http_method         = aws_api_gateway_method.order.http_method
  status_code         = each.key
  response_models     = local.first ? {} : { "application/json" = "Empty" }
  response_parameters = { "method.response.header.X-Team" = true }
}

resource "aws_api_gateway_integration_response" "order" {
  for_each            = aws_api_gateway_method_response.order
  rest_api_id         = aws_api_gateway_rest_api.orders.id
  resource_id         = aws_api_gateway_resource.order.id
  http_method         = aws_api_gateway_integration.order.http_method
  status_code         = each.value.status_code
  selection_pattern   = each.key == "200" ? null : ".*bad.*"
  response_parameters = { "method.response.header.X-Team" = "'orders'" }
  response_templates  = local.first ? {} : { "application/json" = "$input.json('$')" }
}

resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  description = "Step ${var.step}"
  triggers    = { step = var.step }
  depends_on  = [aws_api_gateway_integration_response.order]
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "live"
  description   = "Step ${var.step}"
  variables     = local.first ? { a = "1", b = "2" } : { a = "2", c = "3" }
  tags          = { step = var.step }
}
