# Sends what its person types, empty lines too, and waits for an answer to each.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
while True:
    message = input(">>> ")
    client.send(message.encode("utf-8"))
    data = client.recv(1024)
    print(data)
client.close()
