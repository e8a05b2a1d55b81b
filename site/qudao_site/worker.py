"""The worker process: ``python -m qudao_site.worker``.

The same as ``celery --app qudao_site.celery worker --pool threads``, started without Celery's command line, which would
cost the process 10 MB. ``QUDAO_WORKER_THREADS`` tasks run at a time (default 4); ``QUDAO_LOG_LEVEL`` counts.
"""

import os
import sys

from qudao_site.celery import app


def main() -> int:
    """Work until SIGTERM; tasks at hand are finished. Returns the exit code."""
    # A worker waits for its messages; the short time-outs of the settings are for web processes that send one.
    app.conf.broker_transport_options = {"socket_timeout": 30, "socket_connect_timeout": 5}
    worker = app.Worker(
        pool="threads",
        concurrency=int(os.environ.get("QUDAO_WORKER_THREADS", "4")),
        loglevel=os.environ.get("QUDAO_LOG_LEVEL", "INFO"),
    )
    worker.start()
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    sys.exit(main())
