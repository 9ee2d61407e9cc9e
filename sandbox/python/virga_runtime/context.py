"""The context object of one invocation. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

import json
import os
import sys
import time

from .errors import RuntimeFault


class Record:
    """Plain attributes, with a readable form."""

    def __init__(self, names, values):
        self._names = names
        for name, key in names:
            setattr(self, name, values.get(key))

    def __repr__(self):
        fields = ",".join("%s=%s" % (name, getattr(self, name, None)) for name, _ in self._names)
        return "%s([%s])" % (type(self).__name__, fields)


class CognitoIdentity(Record):
    def __init__(self, values):
        names = [("cognito_identity_id", "cognitoIdentityId"), ("cognito_identity_pool_id", "cognitoIdentityPoolId")]
        super().__init__(names, values)


class Client(Record):
    def __init__(self, values):
        names = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]
        super().__init__([(name, name) for name in names], values)


class ClientContext(Record):
    def __init__(self, values):
        super().__init__([("custom", "custom"), ("env", "env"), ("client", "client")], values)
        self.client = None if self.client is None else Client(self.client)


class LambdaContext:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client_context = parse(headers.get("lambda-runtime-client-context"), "Client Context")
        self.client_context = None if client_context is None else ClientContext(client_context)
        identity = parse(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity")
        self.identity = CognitoIdentity(identity or {})
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))
        sys.stdout.flush()

    def __repr__(self):
        names = [
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        ]
        fields = ",".join("%s=%s" % (name, getattr(self, name)) for name in names)
        return "LambdaContext([%s])" % fields


def parse(text, what):
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise RuntimeFault("Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (what, error))
