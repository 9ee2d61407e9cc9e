"""Runs one Python function: loads the handler, then takes invocation after invocation from the Runtime API.

Works on Python 3.8 and newer with nothing but the standard library.
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

import os
import sys


def main():
    # Python puts this folder first on its search path; the package comes first on AWS.
    here = os.path.dirname(os.path.abspath(__file__))
    task_root = os.environ["LAMBDA_TASK_ROOT"]
    sys.path[:] = [task_root] + [path for path in sys.path if path and os.path.abspath(path) != here]
    sys.path.append(here)
    from virga_runtime import run
    from virga_runtime.sdk import find_sdk

    find_sdk(os.environ.pop("_VIRGA_BORROWED_SDK", None))

    # A package is read-only on AWS; nothing is left in it here either.
    sys.dont_write_bytecode = True
    run(os.environ["_HANDLER"])


if __name__ == "__main__":
    main()
