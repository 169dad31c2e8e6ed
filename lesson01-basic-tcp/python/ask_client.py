# Sends what its person types and receives what the other person types.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8000").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
message = input(">>> ")
client.send(message.encode("utf-8"))
data = client.recv(1024)
print("the server says", data.decode("utf-8"))
