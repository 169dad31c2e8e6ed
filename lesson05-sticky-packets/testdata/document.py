# The sender of the document that the lesson follows, with its names and its
# calls, for two messages.
import hashlib
import json
import socket
import struct
import sys

host, _, port = sys.argv[1].rpartition(":")
conn = socket.create_connection((host, int(port)))
for text in ["a" * 10000, "走了"]:
    body = text.encode("utf-8")
    header_dic = {"file_size": len(body), "file_name": "走了.txt", "md5": hashlib.md5(body).hexdigest()}
    header_json = json.dumps(header_dic)
    head_bytes = header_json.encode("utf-8")
    head_len_bytes = struct.pack("i", len(head_bytes))
    conn.send(head_len_bytes)
    conn.send(head_bytes)
    conn.sendall(body)
conn.close()
