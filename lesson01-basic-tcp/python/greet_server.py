# Accepts one client and speaks first.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:31500").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
print("got connected from", addr)
conn.send(b"byebye")
data = conn.recv(512)
print(data.decode())
conn.close()
server.close()
