# Runs the commands of its clients, one client at a time, and sends back what
# they printed.
import socket
import subprocess
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
            command = conn.recv(1024)
            if not command:
                break
            print("command from the client:", command)
            result = subprocess.Popen(
                command.decode("utf-8"),
                shell=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            errors = result.stderr.read()
            if errors:
                answer = errors
            else:
                answer = result.stdout.read()
            conn.sendall(answer)
        except Exception:
            break
    conn.close()
server.close()
