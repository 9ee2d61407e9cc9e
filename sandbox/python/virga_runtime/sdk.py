"""boto3 for functions that do not bring it, as on AWS: where this Python has none, that of another one on the machine."""

import importlib.machinery
import sys

# boto3 and all that it needs; nothing of them is compiled, so every version of Python can read them.
_PACKAGES = frozenset(("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"))


class _Sdk:
    """Asked last, so what the package, its layers and this Python have comes first."""

    def __init__(self, folder):
        self._folder = folder

    def find_spec(self, name, path=None, target=None):
        if name not in _PACKAGES:
            return None
        if self._folder is None:
            if name == "boto3":
                sys.stderr.write(
                    "WARNING: AWS brings boto3 to every function, but no Python on this machine has it. "
                    "Install it (python3 -m pip install boto3) and start the platform again.\n"
                )
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self._folder], target)


def find_sdk(folder):
    """Lets imports of boto3 find it in `folder`; without a folder they fail with advice."""
    sys.meta_path.append(_Sdk(folder))
