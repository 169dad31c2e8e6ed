# Sends messages, each with its length in front: 4 bytes in network order.
import socket
import struct
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")


def write_frame(conn, message):
    conn.sendall(struct.pack("!I", len(message)) + message)


client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
for message in [b"one", b"two", b"three", b"x" * 3000]:
    write_frame(client, message)
    print("sent:", len(message), message[:20])
client.close()
