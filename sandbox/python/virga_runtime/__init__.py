"""The loop between the Runtime API and a handler."""

import os
import sys

from .client import RuntimeClient
from .context import LambdaContext
from .errors import RuntimeFault, describe, describe_exception
from .handler import load_handler
from .log import log_error, set_up_logging
from .marshal import marshal, unmarshal


def run(handler_setting):
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    log = set_up_logging()
    try:
        handler = load_handler(handler_setting)
    except RuntimeFault as fault:
        error = describe(fault.message, fault.error_type, fault.trace)
    except Exception as exception:
        error = describe_exception(exception, None)
    else:
        serve(client, log, handler)
        return
    log_error(log, error)
    sys.stdout.flush()
    client.init_error(error)
    sys.exit(1)


def serve(client, log, handler):
    invocation = client.next()
    while True:
        request_id = invocation.headers["lambda-runtime-aws-request-id"]
        log.request_id = request_id
        trace_id = invocation.headers.get("lambda-runtime-trace-id")
        if trace_id is not None:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            context = LambdaContext(invocation.headers)
            body, content_type = marshal(handler(unmarshal(invocation.body), context))
        except RuntimeFault as fault:
            error = describe(fault.message, fault.error_type, fault.trace, request_id)
        except Exception as exception:
            error = describe_exception(exception, request_id)
        else:
            flush()
            invocation = client.respond(request_id, body, content_type)
            continue
        log_error(log, error)
        flush()
        invocation = client.fail(request_id, error)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # A handler may have closed or replaced it.
            pass
