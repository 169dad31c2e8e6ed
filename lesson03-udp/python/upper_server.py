# Answers every datagram in capitals.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((host, int(port)))
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    data, client_addr = server.recvfrom(1024)
    print(data)
    server.sendto(data.upper(), client_addr)
server.close()
