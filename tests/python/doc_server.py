"""Runs commands of the documentation in forks of one process, which has imported TVM already.

Started as ``python doc_server.py SOCKET``; a client sends its arguments, working directory,
environment and standard streams, and gets the exit code back.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path

from mutatenn.cli.app import main

CLIENT = """\
#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({socket!r})
    told = json.dumps([{kind!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(told).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(told)
    code = server.recv(1)
    sys.exit(code[0] if code else 70)
"""
"""A client, to be filled in with the interpreter, the socket and what it runs."""


def serve(path: str) -> None:
    """Answer every client in a fork, until the process is ended."""
    assert threading.active_count() == 1  # forks have no other threads
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        print("ready", flush=True)
        while True:
            client, _ = server.accept()
            if os.fork() == 0:
                server.close()
                answer(client)
            client.close()


def answer(client: socket.socket) -> None:
    """Run what a client asks for; this process ends with it."""
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kind, arguments = receive(client)
        code = run(kind, arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        client.sendall(bytes([code]))
        os._exit(code)


def receive(client: socket.socket) -> tuple[str, list[str]]:
    """Take over a client's streams, directory and environment; returns what it wants."""
    head, streams, _, _ = socket.recv_fds(client, 4, 3)
    with client.makefile("rb") as file:
        kind, arguments, folder, environment = json.loads(file.read(int.from_bytes(head, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return kind, arguments


def run(kind: str, arguments: list[str]) -> int:
    """The exit code of the command line, or of a script of Python."""
    sys.argv = ["mutatenn-ir", *arguments]
    try:
        if kind == "command":
            main()
        else:
            sys.argv = arguments
            sys.path.insert(0, str(Path.cwd()))
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1 if end.code else 0
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
