# Sends the commands its person types, and shows one read of each answer.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
while True:
    command = input(">>> ").strip()
    if not command:
        continue
    client.send(command.encode("utf-8"))
    print("=== has sent ===")
    answer = client.recv(1024)
    print(answer.decode("gbk"))
client.close()
