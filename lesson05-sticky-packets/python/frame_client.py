# Sends messages in frames: 4 bytes with the length of the header, the header in
# JSON, and the body.
import hashlib
import json
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
for body in [b"one", b"two", b"three", b"x" * 3000]:
    header = {
        "file_size": len(body),
        "file_name": "message",
        "md5": hashlib.md5(body).hexdigest(),
    }
    header_bytes = json.dumps(header).encode("utf-8")
    client.send(struct.pack("i", len(header_bytes)))
    client.send(header_bytes)
    client.sendall(body)
    print("sent:", len(body), body[:20])
client.close()
