# Receives messages, each with its length in front: 4 bytes in network order.
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")


def recv_exactly(conn, size):
    """Return size bytes, or fewer if the stream ends before."""
    data = bytearray()
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            break
        data += piece
    return bytes(data)


def read_frame(conn):
    """Return the next message, or None at an end between two."""
    prefix = recv_exactly(conn, 4)
    if not prefix:
        return None
    if len(prefix) < 4:
        raise EOFError("the stream ended inside a length")
    (length,) = struct.unpack("!I", prefix)
    if length > 1 << 20:
        raise ValueError("a message of %d bytes is too long" % length)
    message = recv_exactly(conn, length)
    if len(message) < length:
        raise EOFError("the stream ended inside a message")
    return message


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
with server, conn:
    while (message := read_frame(conn)) is not None:
        print("received:", len(message), message[:20])
