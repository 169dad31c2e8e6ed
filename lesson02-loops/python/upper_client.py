# Sends what its person types, but for empty lines, and shows the answers.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
while True:
    message = input(">>> ")
    if not message:
        continue
    client.send(message.encode("utf-8"))
    print("=== has sent ===")
    data = client.recv(1024)
    print("=== has received ===")
    print(data)
client.close()
