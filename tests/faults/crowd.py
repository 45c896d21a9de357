"""Many members who open pages at the same moment, in a process of its own; prints what each of them got as JSON.

Takes a JSON list of [seconds to wait, path, cookie] on its input. Run as a script, it imports nothing of the portal.
"""

import http.client
import json
import sys
import threading
import time
from typing import Any


def visit(port: int, start: float, path: str, cookie: str, got: list[dict[str, Any]]) -> None:
    time.sleep(start)
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie, "Accept-Language": "en"})
        answer = connection.getresponse()
        found: dict[str, Any] = {
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": answer.read().decode(),
        }
    except (OSError, http.client.HTTPException) as error:
        found = {"status": 0, "headers": {}, "body": type(error).__name__}
    finally:
        connection.close()
    got.append({**found, "path": path, "cookie": cookie, "seconds": time.perf_counter() - began})


def main() -> None:
    got: list[dict[str, Any]] = []
    visits = [threading.Thread(target=visit, args=(int(sys.argv[1]), *one, got)) for one in json.load(sys.stdin)]
    for thread in visits:
        thread.start()
    for thread in visits:
        thread.join()
    json.dump(got, sys.stdout)


if __name__ == "__main__":
    main()
