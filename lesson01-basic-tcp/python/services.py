# Prints the port that belongs to each service name.
import socket
import sys

print("http", socket.getservbyname("http"))
print("https", socket.getservbyname("https", "tcp"))
for name in sys.argv[1:]:
    print(name, socket.getservbyname(name, "tcp"))
