# Receives frames: 4 bytes with the length of the header, the header in JSON,
# and as many bytes of body as the header says.
import json
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
print("client:", addr)
while True:
    length = conn.recv(4)
    if not length:
        break
    header_length = struct.unpack("i", length)[0]
    header = json.loads(conn.recv(header_length).decode("utf-8"))
    body = conn.recv(header["file_size"])
    print("received:", len(body), body[:20], header)
conn.close()
server.close()
