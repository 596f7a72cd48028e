"""Advection with flux limiters chosen by name: functions in a dict, a closure that steps, random initial data."""
import time
import numpy as np

limiters = {
    'upwind': lambda r: np.zeros_like(r),
    'minmod': lambda r: np.maximum(0, np.minimum(1, r)),
    'vanleer': lambda r: (r + np.abs(r)) / (1 + np.abs(r)),
    'superbee': lambda r: np.maximum(np.maximum(0, np.minimum(2 * r, 1)), np.minimum(r, 2)),
}


def stepper(phi, courant, *, eps=1e-12):
    steps = 0

    def step(u):
        nonlocal steps
        steps += 1
        du = np.roll(u, -1) - u
        r = np.roll(du, 1) / np.where(du == 0, eps, du)
        flux = u + 0.5 * phi(r) * (1 - courant) * du
        return u - courant * (flux - np.roll(flux, 1))

    def count():
        return steps
    return step, count


def report(name, *values, width=10, **options):
    print(f'{name:>{width}s}', *(f'{v:.12f}' for v in values), sorted(options.items()))


def main(n=257, nt=60):
    rng = np.random.default_rng(2026)
    noise = rng.random(n)
    x = np.arange(n) / n
    results = {}
    started = time.perf_counter()
    for name, phi in limiters.items():
        u = np.where((x > 0.2) & (x < 0.4), 1.0, 0.0) + 1e-3 * noise
        step, count = stepper(phi, 0.5)
        for _ in range(nt):
            u = step(u)
        results[name] = u
        report(name, u.max(), u.min(), steps=count(), n=n)
    if time.perf_counter() - started > 3600:
        print('slow')
    results['minmod'][0] += 1
    results['difference'] = results['superbee'] - results['minmod']
    np.save('all', np.array(list(results.values())))
    for name in sorted(results, key=len):
        np.save(name, results[name])


if __name__ == '__main__':
    main()
