# Receives what is sent to a group, or to everyone on this machine, and shows it.
import socket
import sys

host, _, port = sys.argv[1].rpartition(":")

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
receiver.bind((host, int(port)))
if host.startswith("239."):
    membership = socket.inet_aton(host) + socket.inet_aton("127.0.0.1")
    receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
print("listening on %s:%d" % receiver.getsockname(), flush=True)

while True:
    data, _ = receiver.recvfrom(1024)
    print(data, flush=True)
