"""What full reductions cost in NumPy. In: a number of elements; out: a line per reduction, name and ns per element."""
import sys
import time

import numpy as np

count = int(sys.argv[1])
x, y = (np.sin(k * np.arange(count, dtype=float)) for k in (1, 2))
for name, reduce in (
    ('sum', lambda: np.sum(x)), ('max', lambda: np.max(x)), ('sum(x * x)', lambda: np.sum(x * x)),
    ('argmax', lambda: np.argmax(x)), ('dot', lambda: np.dot(x, y)),
):
    times = max(1, round(2e7 / count))
    reduce()
    begin = time.perf_counter_ns()
    for _ in range(times):
        reduce()
    print(name, (time.perf_counter_ns() - begin) / times / count, sep='\t')
