resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer"
  range_key    = "number"
  attribute {
    name = "customer"
    type = "S"
  }
  attribute {
    name = "number"
    type = "N"
  }
  attribute {
    name = "status"
    type = "S"
  }
  attribute {
    name = "placed"
    type = "S"
  }
  local_secondary_index {
    name            = "by-date"
    range_key       = "placed"
    projection_type = "KEYS_ONLY"
  }
  global_secondary_index {
    name               = "by-status"
    hash_key           = "status"
    range_key          = "placed"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total"]
  }
  dynamic "global_secondary_index" {
    for_each = local.first ? [] : [1]
    content {
      name            = "by-day"
      hash_key        = "placed"
      projection_type = "ALL"
    }
  }
  tags = { team = "orders", step = var.step }
}

resource "aws_dynamodb_table" "stock" {
  name           = "stock"
  billing_mode   = "PROVISIONED"
  read_capacity  = local.first ? 5 : 10
  write_capacity = 5
  hash_key       = "sku"
  attribute {
    name = "sku"
    type = "S"
  }
  attribute {
    name = "place"
    type = "B"
  }
  global_secondary_index {
    name            = "by-place"
    hash_key        = "place"
    projection_type = "ALL"
    read_capacity   = 2
    write_capacity  = local.first ? 2 : 4
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
}

resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.stock.name
  hash_key   = aws_dynamodb_table.stock.hash_key
  item       = jsonencode({ sku = { S = "a" }, count = { N = tostring(var.step) } })
}


resource "aws_dynamodb_table" "carts" {
  name                        = "carts"
  billing_mode                = local.first ? "PAY_PER_REQUEST" : "PROVISIONED"
  read_capacity               = local.first ? null : 3
  write_capacity              = local.first ? null : 3
  table_class                 = local.first ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = local.first
  hash_key                    = "cart"
  attribute {
    name = "cart"
    type = "S"
  }
  ttl {
    attribute_name = local.first ? "" : "expires"
    enabled        = !local.first
  }
}
