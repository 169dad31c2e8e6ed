# Sends what its person types, without the blanks around it, and shows the
# answers.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
while True:
    message = input(">>> ").strip()
    client.send(message.encode("utf-8"))
    data = client.recv(1024)
    print(data.decode("utf-8"))
client.close()
