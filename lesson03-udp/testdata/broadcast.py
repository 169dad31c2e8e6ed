# Sends to everyone on this machine, before and after asking for the right to.
import socket
import sys

host, _, port = sys.argv[1].rpartition(":")

sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sender.sendto(b"before", (host, int(port)))
except PermissionError as error:
    print(error)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sender.sendto(b"after", (host, int(port)))
