terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100" }
  }
}

# Where and as whom comes from the environment.
provider "aws" {
  default_tags {
    tags = { owner = "virga" }
  }
}

variable "step" {
  description = "1 as it is made first, 2 after a change of nearly everything."
  type        = number
}

locals {
  first = var.step == 1
}
