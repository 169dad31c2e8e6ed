# Listens first and speaks second.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:31500").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
data = client.recv(512)
print("the data received is", data.decode())
client.send(b"hihi")
client.close()
