# The first server with two loops: it ends a client's loop for a reset only, and
# does not ask for its port back after a restart.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    conn, addr = server.accept()
    while True:
        try:
            data = conn.recv(1024)
            print("data from the client:", data)
            conn.send(data.upper())
        except ConnectionResetError:
            break
    conn.close()
server.close()
