# Shares the files of one directory: for "get NAME" it sends the length of a
# header, the header in JSON, and the file.
import json
import os
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9901").rpartition(":")
share_dir = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "share")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
# server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    conn, addr = server.accept()
    print("client:", addr)
    while True:
        try:
            request = conn.recv(8096)
            if not request:
                break
            words = request.decode("utf-8").split()
            filename = words[1]
            header = {
                "filename": filename,
                "md5": "xxdxxx",
                "file_size": os.path.getsize("%s/%s" % (share_dir, filename)),
            }
            header_bytes = json.dumps(header).encode("utf-8")
            conn.send(struct.pack("i", len(header_bytes)))
            conn.send(header_bytes)
            with open("%s/%s" % (share_dir, filename), "rb") as f:
                for line in f:
                    conn.send(line)
        except ConnectionResetError:
            break
    conn.close()
server.close()
