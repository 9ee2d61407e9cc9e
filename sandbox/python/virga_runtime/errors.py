"""Errors as their payload. https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html"""

import os
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
MACHINERY = (HERE, os.path.join(os.path.dirname(HERE), "bootstrap.py"), "<frozen importlib")


class RuntimeFault(Exception):
    """An error that the runtime itself raises: not the function's doing, or not within it."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace or []


def describe(message, error_type, trace, request_id=None):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id or "",
        "stackTrace": trace or [],
    }


def describe_exception(exception, request_id):
    """The trace begins where the function's own code does."""
    frames = list(traceback.extract_tb(exception.__traceback__))
    while frames and (frames[0].filename.startswith(MACHINERY) or is_importlib(frames[0].filename)):
        frames.pop(0)
    try:
        message = str(exception)
    except Exception:
        message = ""
    # As tuples, the form is the same on every version of Python: without marks under the failing expression.
    trace = traceback.format_list([(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames])
    return describe(message, type(exception).__name__, trace, request_id)


def is_importlib(filename):
    return os.sep + os.path.join("importlib", "__init__.py") in filename
