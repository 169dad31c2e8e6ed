# Sends what its person types, a datagram for each line, and shows the answers.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    message = input(">>> ").strip()
    client.sendto(message.encode("utf-8"), (host, int(port)))
    data, server_addr = client.recvfrom(1024)
    print(data, server_addr)
client.close()
