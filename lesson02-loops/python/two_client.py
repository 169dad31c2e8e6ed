# Holds two sockets in one program. To the server they are two clients.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:2000").rpartition(":")

client = socket.socket()
client.connect((host, int(port)))
data = client.recv(512)
print("the data received is", data.decode())
client.send(b"hihi I am client")

second = socket.socket()
second.connect((host, int(port)))
data = second.recv(512)
print("the data received from the server is", data.decode())
second.send(b"client send use sock2")
second.close()
client.close()
