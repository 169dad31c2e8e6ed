# Accepts one client, answers its message in capitals, and ends.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
print("connection:", conn)
print("client address:", addr)
data = conn.recv(1024)
print("message from the client:", data)
conn.send(data.upper())
conn.close()
server.close()
