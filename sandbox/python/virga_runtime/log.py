"""The logging module as AWS sets it up. https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import json
import logging
import os
import sys
import time

LEVELS = {"TRACE": logging.DEBUG, "FATAL": logging.CRITICAL}
TEXT_FRAME = b"\xa5\x5a\x00\x03"
JSON_FRAME = b"\xa5\x5a\x00\x02"
RESERVED = frozenset(
    "args asctime created exc_info exc_text filename funcName levelname levelno lineno message module msecs msg name "
    "pathname process processName relativeCreated stack_info thread threadName taskName aws_request_id".split()
)


class Sink:
    """Writes framed records: one per call, however many lines they hold. Type, length, time in µs, message; big-endian."""

    def __init__(self):
        self.json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        self.request_id = None
        fd = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
        self._file = None if fd is None else os.fdopen(int(fd), "wb", 0)

    def write(self, text):
        if self._file is None:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            sys.stdout.flush()
            return
        # What was printed before has to stand before.
        try:
            sys.stdout.flush()
        except Exception:
            pass
        message = text.encode("utf-8", "backslashreplace")
        now = int(time.time() * 1000000)
        kind = JSON_FRAME if self.json else TEXT_FRAME
        frame = memoryview(kind + len(message).to_bytes(4, "big") + now.to_bytes(8, "big") + message)
        while frame:
            frame = frame[self._file.write(frame) :]


class Handler(logging.Handler):
    def __init__(self, sink):
        super().__init__()
        self._sink = sink

    def emit(self, record):
        try:
            record.aws_request_id = self._sink.request_id or ""
            self._sink.write(self.format(record))
        except Exception:
            self.handleError(record)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + "Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            entry["errorType"] = record.exc_info[0].__name__
            entry["errorMessage"] = str(record.exc_info[1])
            entry["stackTrace"] = self.formatException(record.exc_info).split("\n")
            entry["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
        if record.aws_request_id:
            entry["requestId"] = record.aws_request_id
        entry.update((key, value) for key, value in record.__dict__.items() if key not in RESERVED and key not in entry)
        return json.dumps(entry, default=str)


class Unbuffered:
    """A stream that flushes after each write, so that output is in order and whole when the process ends."""

    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        size = self._stream.write(text)
        self._stream.flush()
        return size

    def writelines(self, lines):
        self._stream.writelines(lines)
        self._stream.flush()


def set_up_logging():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout = Unbuffered(sys.stdout)
    sys.stderr = Unbuffered(sys.stderr)
    sink = Sink()
    logging.Formatter.converter = time.gmtime
    handler = Handler(sink)
    if sink.json:
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(
            logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"
            )
        )
    root = logging.getLogger()
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = LEVELS.get(level, getattr(logging, level, None) if level else None)
    if isinstance(level, int):
        root.setLevel(level)
    root.addHandler(handler)
    return sink


def log_error(sink, error):
    """Writes an error that ended an invocation or init."""
    if sink.json:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        sink.write(json.dumps(dict([("timestamp", now), ("level", "ERROR")], **error)))
        return
    lines = ["[ERROR] %s: %s" % (error["errorType"], error["errorMessage"])]
    if not error["errorMessage"]:
        lines = ["[ERROR] %s" % error["errorType"]]
    lines.append("Traceback (most recent call last):")
    for entry in error["stackTrace"]:
        for line in entry.splitlines() or [""]:
            text = line.lstrip(" ")
            # CloudWatch trims spaces at the start of lines; AWS writes no-break spaces instead.
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    sink.write("\n".join(lines))
