# Connects to a server and shows both ends of the connection.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
print("local address:", client.getsockname())
print("remote address:", client.getpeername())
print(type(client.getsockname()))
client.close()
