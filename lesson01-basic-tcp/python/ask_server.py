# Accepts one client and lets the person at the server type the answer.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8000").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
data = conn.recv(1024)
print("the client says", data.decode("utf-8"))
reply = input(">>> ")
conn.send(reply.encode("utf-8"))
conn.close()
server.close()
