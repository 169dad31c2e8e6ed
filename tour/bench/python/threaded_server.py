# Lesson 2's upper_server.py with a thread for each client.
import socket
import sys
import threading

try:  # macOS gives a program 256 files until it asks for more
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if 0 < hard < 10000 else 10000, hard))
except ImportError:  # Windows has no such limit
    pass

host, _, port = sys.argv[1].rpartition(":")


def serve(conn, addr):
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


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)

while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
