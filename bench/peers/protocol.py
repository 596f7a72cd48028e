"""The Python side of protocol.h, workloads.h and checksum.h: commands in on stdin, answers out on stdout."""

import sys
import time

import numpy as np

BURGERS_C, BURGERS_D = 0.1, 0.05
FDTD_C = 0.5
WAVE = (-205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560)

# base, a, b, c, modulus, divisor: base + ((a i + b j + c k) mod modulus) / divisor
FIRST, SECOND, THIRD = (0, 7, 13, 29, 101, 101), (0, 13, 7, 29, 101, 101), (0, 11, 5, 29, 101, 101)
BURGERS_U, BURGERS_V = (1, 7, 13, 29, 101, 101), (1, 13, 7, 29, 101, 101)
WAVE_M = (26 / 512, 1, 1, 1, 7, 512)


def initial(shape, dtype, numbers):
    base, *factors, modulus, divisor = numbers
    index = sum(factor * n for factor, n in zip(factors, np.ogrid[tuple(slice(n) for n in shape)]))
    return (base + (index % modulus) / float(divisor)).astype(dtype)


def checksum(fields):
    bits, squares, first, first_word = 0, 0.0, 0, 0
    for field in fields:
        for row in field.reshape(-1, field.shape[-1]):
            words = row.view(np.uint32)
            index = np.arange(first_word, first_word + words.size, dtype=np.uint32)
            bits += int((words * (2 * index + 1)).sum(dtype=np.uint64))
            first_word += words.size
            weight = 1.0 + np.arange(first, first + row.size) % 97
            squares += float((row.astype(np.float64) ** 2 * weight).sum())
            first += row.size
    return f"{bits % (1 << 32):08x} {squares:.17g}"


def serve(solvers, set_threads=lambda count: None):
    """`solvers`: by workload, a class made from (shape, dtype) with step() and results()."""
    solver = None
    for line in sys.stdin:
        command, *words = line.split()
        if command == "setup":
            solver = None
            workload, dtype, shape = words
            extents = tuple(int(n) for n in shape.split("x"))
            solver = solvers[workload](extents, {"f64": np.float64, "f32": np.float32}[dtype])
            answer = "ok"
        elif command == "run":
            steps, threads = int(words[0]), int(words[1])
            set_threads(threads)
            start = time.perf_counter()
            for _ in range(steps):
                solver.step()
            answer = f"{time.perf_counter() - start:.9f}"
        elif command == "checksum":
            answer = checksum(solver.results())
        elif command == "free":
            solver, answer = None, "ok"
        else:
            sys.exit(f"unknown command: {line}")
        print(answer, flush=True)
