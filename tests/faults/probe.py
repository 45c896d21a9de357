"""Asks /healthz again and again until its input ends, and beside it a server that has nothing else to do.

The second one tells what the machine itself takes at that moment. Prints pairs of seconds as JSON. Run as a script: a
process of its own, with little in it that could take time.
"""

import json
import os
import select
import socket
import sys
import time

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\n\r\nalive\n"
PAUSE_SECONDS = 0.01
NEVER = 99.0


def asked(port: int) -> float:
    """Return the seconds until the answer is there, NEVER for anything but a good one."""
    started = time.perf_counter()
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(REQUEST)
            while b"alive" not in answer and (part := connection.recv(4096)):
                answer += part
    except OSError:
        return NEVER
    return time.perf_counter() - started if answer.startswith(b"HTTP/1.1 200 ") else NEVER


def idle_server() -> int:
    """Start a server in a process of its own that ends with this one; return its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    if os.fork():
        return int(listener.getsockname()[1])
    parent = os.getppid()
    while os.getppid() == parent:
        if select.select([listener], [], [], 1)[0]:
            connection, _ = listener.accept()
            connection.recv(4096)
            connection.sendall(ANSWER)
            connection.close()
    os._exit(0)


def main() -> None:
    portal, idle = int(sys.argv[1]), idle_server()
    seconds = []
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        seconds.append((asked(portal), asked(idle)))
    json.dump(seconds, sys.stdout)


if __name__ == "__main__":
    main()
