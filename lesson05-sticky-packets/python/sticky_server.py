# Shows what each read returns, when nothing says where a message ends. The same
# messages come over UDP, and an empty datagram says that all have been sent.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
beside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
beside.bind(server.getsockname())
print("listening on %s:%d" % server.getsockname(), flush=True)

conn, addr = server.accept()
print("client:", addr)
while True:
    data, _ = beside.recvfrom(65536)
    if not data:
        break
    print("received over UDP:", len(data), data[:20])
while True:
    data = conn.recv(1024)
    if not data:
        break
    print("received:", len(data), data[:20])
conn.close()
server.close()
