# Sends a word and receives it in capitals.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
client.send("hello".encode("utf-8"))
data = client.recv(1024)
print(data)
client.close()
