"""A Raspberry Pi's boot loader, as far as the network sees it: asks for an address as a
Pi does, then fetches a file. Arguments: interface, hardware address, file."""

import socket
import struct
import sys

interface, mac, path = sys.argv[1:4]
hardware = bytes.fromhex(mac.replace(":", ""))


def ask(kind, *more):
    """A DHCP question in the words of the Pi 4's boot loader."""
    head = struct.pack("!BBBBIHH", 1, 1, 6, 0, 0x12345678, 0, 0x8000)
    options = bytes([53, 1, kind, 93, 2, 0, 0, 94, 3, 1, 2, 1])
    vendor = b"PXEClient:Arch:00000:UNDI:002001"
    options += bytes([60, len(vendor)]) + vendor + bytes([55, 7, 1, 3, 43, 60, 66, 67, 97])
    options += b"".join(more) + b"\xff"
    return head + bytes(16) + hardware + bytes(202) + bytes.fromhex("63825363") + options


def read(answer):
    options, at = {}, 240
    while at < len(answer) and answer[at] != 255:
        code, length = answer[at], answer[at + 1]
        options[code] = answer[at + 2 : at + 2 + length]
        at += 2 + length
    return socket.inet_ntoa(answer[16:20]), socket.inet_ntoa(answer[20:24]), options


def exchange(link, question):
    link.sendto(question, ("255.255.255.255", 67))
    return read(link.recv(2048))


link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
link.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
link.bind(("0.0.0.0", 68))
link.settimeout(8)
own, server, options = exchange(link, ask(1))
print("offered", own, "server", server, "class", options.get(60), "options", options.get(43))
print("named", options.get(66))
identifier = options[54]
own, server, options = exchange(
    link, ask(3, bytes([50, 4]) + socket.inet_aton(own), bytes([54, 4]) + identifier)
)
print("leased", own, "kind", options[53][0])

import subprocess

subprocess.run(["ip", "address", "add", own + "/24", "dev", interface], check=True)
files = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
files.settimeout(8)
files.sendto(b"\0\1" + path.encode() + b"\0octet\0", (server, 69))
data, other = files.recvfrom(2048)
print("fetched", data[:2].hex(), data[4:].decode().strip())
