# Fetches the files its person asks for with "get NAME" into one directory.
import json
import os
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9901").rpartition(":")
download_dir = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "download")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
while True:
    command = input(">>> ").strip()
    if not command:
        continue
    client.send(command.encode("utf-8"))
    length = client.recv(4)
    header_size = struct.unpack("i", length)[0]
    header_bytes = client.recv(header_size)
    header = json.loads(header_bytes.decode("utf-8"))
    print(header)
    total_size = header["file_size"]
    with open("%s/%s" % (download_dir, header["filename"]), "wb") as f:
        received_size = 0
        while received_size < total_size:
            data = client.recv(1024)
            f.write(data)
            received_size += len(data)
            print("total: %s, received: %s" % (total_size, received_size))
client.close()
