"""The NumPy peer: the line that a NumPy user writes, same protocol (protocol.h) and same order of additions."""

import sys
import time

import numpy as np

x = y = np.zeros((0, 0))


def setup(n):
    global x, y
    i = np.arange(n, dtype=np.int64)
    x = ((7 * i[:, None] + 13 * i[None, :]) % 101) / 101.0
    y = x.copy()


def run(steps):
    global x, y
    start = time.perf_counter()
    for _ in range(steps):
        y[1:-1, 1:-1] = 0.25 * (x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:])
        x, y = y, x
    return time.perf_counter() - start


def checksum():
    words = x.reshape(-1).view(np.uint32)
    total = 0
    for first in range(0, words.size, 1 << 20):
        part = words[first:first + (1 << 20)]
        index = np.arange(first, first + part.size, dtype=np.uint32)
        total += int((part * (2 * index + 1)).sum(dtype=np.uint64))
    return total % (1 << 32)


for line in sys.stdin:
    command, *arguments = line.split()
    if command == "setup":
        setup(int(arguments[0]))
        print("ok", flush=True)
    elif command == "run":
        print(f"{run(int(arguments[0])):.9f}", flush=True)
    elif command == "checksum":
        print(f"{checksum():08x}", flush=True)
    else:
        sys.exit(f"unknown command: {line}")
