# Accepts one client, answers its message with a fixed one, and ends.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:12345").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, int(port)))
server.listen(1)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
print("connection from", addr)
data = conn.recv(1024)
print("received", data.decode())
conn.send(b"Hello,client!")
conn.close()
server.close()
