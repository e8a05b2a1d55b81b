"""A mail server for tests: takes mails, refuses, hangs or dies when it is told to. Real SMTP on the loopback."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.processes import LOOPBACK


@dataclass
class MailServer:
    """``answers`` maps an address to what it gets at RCPT (``550 no such user``); ``data`` to what its mail gets after
    DATA. The words ``hang`` and ``die`` stand for silence and for closing the connection.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    greeting: str = "220 test"
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def mailboxes(self) -> list[str]:
        return sorted(address for address, _mail in self.taken)


class _Hangs(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        with suppress(_Hangs, OSError):
            self._converse(self.server.mails)

    def _converse(self, mails: MailServer) -> None:
        self._say(mails.greeting)
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                mails.tried.append(address)
                recipients.append(address)
                self._say(mails.answers.get(address, "250 ok"))
            elif verb == "DATA":
                self._take(mails, recipients)
                recipients = []
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")

    def _take(self, mails: MailServer, recipients: list[str]) -> None:
        word = next((mails.data[each] for each in recipients if each in mails.data), "250 ok")
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
            if word == "die":
                raise _Hangs
        if word.startswith("2"):
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            mails.taken += [(each, mail) for each in recipients]  # type: ignore[misc]
        self._say(word)

    def _say(self, word: str) -> None:
        if word == "hang":
            self.server.mails.ended.wait(60)
            raise _Hangs
        if word == "die":
            raise _Hangs
        self.wfile.write(word.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, mails: MailServer) -> None:
        self.mails = mails
        super().__init__((LOOPBACK, mails.port), _Session)


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Run a mail server on a free port (or on ``port``) until the block ends."""
    mails = MailServer(port)
    with _Server(mails) as server:
        mails.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield mails
        finally:
            mails.ended.set()
            server.shutdown()
            thread.join()
