"""What elementwise functions cost in NumPy. Out: one line per function and type, as functions.cpp."""
import time

import numpy as np

COUNT, PASSES = 2048, 200
RANGES = {
    'sqrt': (0, 100), 'exp': (-80, 80), 'exp2': (-80, 80), 'expm1': (-5, 5), 'log': (0.01, 100),
    'log1p': (-0.9, 100), 'log2': (0.01, 100), 'log10': (0.01, 100), 'cbrt': (-50, 50), 'sin': (-50, 50),
    'cos': (-50, 50), 'tan': (-50, 50), 'arcsin': (-1, 1), 'arccos': (-1, 1), 'arctan': (-50, 50),
    'sinh': (-5, 5), 'cosh': (-5, 5), 'tanh': (-5, 5), 'arcsinh': (-50, 50), 'arccosh': (1, 50),
    'arctanh': (-0.99, 0.99), 'power': (0.1, 10), 'arctan2': (0.1, 10), 'hypot': (0.1, 10), 'rint': (-50, 50),
    'fmod': (0.1, 50),
}
np.seterr(all='ignore')
for name, (lo, hi) in RANGES.items():
    function = getattr(np, name)
    for label, dtype in (('f64', np.float64), ('f32', np.float32)):
        a = (lo + (hi - lo) * (np.arange(COUNT) * 37 % COUNT) / COUNT).astype(dtype)
        out = np.empty_like(a)
        second = (np.full_like(a, 0.7) if name == 'fmod' else a,) if function.nin == 2 else ()
        best = 1e9
        for _ in range(PASSES):
            begin = time.perf_counter_ns()
            function(a, *second, out=out)
            best = min(best, (time.perf_counter_ns() - begin) / COUNT)
        print(name, label, best)
