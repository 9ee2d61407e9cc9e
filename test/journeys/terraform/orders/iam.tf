data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = local.first ? ["dynamodb:GetItem"] : ["dynamodb:GetItem", "dynamodb:Query"]
    resources = ["arn:aws:dynamodb:*:*:table/*"]
  }
}

resource "aws_iam_role" "function" {
  name                 = "orders-function"
  path                 = "/services/"
  description          = "What the orders function may do"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = local.first ? 3600 : 7200
  permissions_boundary = local.first ? aws_iam_policy.boundary.arn : null
  tags                 = { team = "orders", step = var.step }
}

resource "aws_iam_policy" "boundary" {
  name_prefix = "orders-boundary-"
  path        = "/boundaries/"
  description = "What no function of the orders team may leave"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_policy" "read" {
  name   = "orders-read"
  policy = data.aws_iam_policy_document.read.json
  tags   = { team = "orders" }
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.function.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy" "inline" {
  name = "inline"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:PutItem", Resource = aws_dynamodb_table.orders.arn }]
  })
}

resource "aws_iam_user" "deployer" {
  name = local.first ? "deployer" : "publisher"
  path = local.first ? "/people/" : "/machines/"
  tags = { team = "orders" }
}

resource "aws_iam_user_policy_attachment" "deployer" {
  user       = aws_iam_user.deployer.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_policy" "deployer" {
  user = aws_iam_user.deployer.name
  name = "itself"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:GetUser", Resource = "*" }]
  })
}

resource "aws_iam_access_key" "deployer" {
  user   = aws_iam_user.deployer.name
  status = local.first ? "Active" : "Inactive"
}
