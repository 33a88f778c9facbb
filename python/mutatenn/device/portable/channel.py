"""Messages between a worker and who drives it: JSON, and arrays of bytes beside it.

Nothing that comes from a worker is unpickled: a kernel may have written into its memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

Message = dict[str, Any]
Bytes = NDArray[np.uint8]


def send(connection: Connection, message: Message, arrays: Sequence[Bytes] = ()) -> None:
    """Send a message, and bytes that belong to it.

    Raises:
        OSError: nobody reads any more.
    """
    connection.send_bytes(json.dumps({**message, "arrays": len(arrays)}).encode())
    for array in arrays:
        connection.send_bytes(array.tobytes())


def receive(connection: Connection) -> tuple[Message, list[Bytes]]:
    """Wait for the next message.

    Raises:
        EOFError: the other side has ended.
        OSError: the same, in the midst of a message.
        ValueError: what came is no message.
    """
    message = json.loads(connection.recv_bytes())
    if not isinstance(message, dict) or not isinstance(message.get("arrays"), int):
        raise ValueError("what came is no message")
    count = message.pop("arrays")
    arrays = [np.frombuffer(connection.recv_bytes(), np.uint8) for _ in range(count)]
    return message, arrays
