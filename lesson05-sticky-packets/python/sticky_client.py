# Sends three small messages and a large one, without saying where they end, and
# the same messages over UDP.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")
messages = [b"one", b"two", b"three", b"x" * 3000]

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
for message in messages:
    client.send(message)
    print("sent:", len(message), message[:20])

beside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for message in messages + [b""]:
    beside.sendto(message, (host, int(port)))
client.close()
