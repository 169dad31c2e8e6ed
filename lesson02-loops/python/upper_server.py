# Answers every message in capitals, one client at a time, and survives the
# clients that leave.
import socket
import sys

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081").rpartition(":")

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    conn, addr = server.accept()
    print("client:", addr)
    while True:
        try:
            data = conn.recv(1024)
            if not data:
                break
            print("message from the client:", data)
            conn.send(data.upper())
        except Exception:
            break
    conn.close()
server.close()
