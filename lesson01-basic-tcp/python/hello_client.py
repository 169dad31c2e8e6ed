# Sends a greeting and receives one.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:12345").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
client.send(b"Hello Server!")
data = client.recv(1024)
print("received", data.decode())
client.close()
