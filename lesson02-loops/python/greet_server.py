# Greets one client after the other, hears one message from each, and closes it.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:2000").rpartition(":")

server = socket.socket()
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    conn, addr = server.accept()
    print("got connected from", addr)
    conn.send(b"hello I am server,welcome")
    data = conn.recv(512)
    print(data.decode())
    conn.close()
