"""Decaying vortices in vorticity and stream function (Arakawa-like advection), Jacobi for the stream function."""
import numpy as np


def poisson(psi, omega, h, sweeps, tol=1e-6):
    for sweep in range(sweeps):
        old = psi.copy()
        psi[1:-1, 1:-1] = 0.25 * (old[2:, 1:-1] + old[:-2, 1:-1] + old[1:-1, 2:] + old[1:-1, :-2] + h * h * omega[1:-1, 1:-1])
        change = np.abs(psi - old).max()
        if change < tol:
            break
    return psi, sweep + 1


def main():
    n, nu = 41, 0.01
    h = 1.0 / (n - 1)
    x, y = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n), indexing='ij')
    bump = x * (1 - x) * y * (1 - y)
    omega = 1500 * bump * (1 - 2 * x) * (1 - 2 * y) + 20 * bump
    psi = np.zeros_like(omega)
    params = dict(sweeps=40, tol=1e-5)
    t, dt, total = 0.0, 0.0, 0
    while t < 0.02:
        psi, used = poisson(psi, omega, h, **params)
        total += used
        u, v = np.zeros_like(psi), np.zeros_like(psi)
        u[1:-1, 1:-1] = (psi[1:-1, 2:] - psi[1:-1, :-2]) / (2 * h)
        v[1:-1, 1:-1] = -(psi[2:, 1:-1] - psi[:-2, 1:-1]) / (2 * h)
        speed = max(np.abs(u).max(), np.abs(v).max())
        dt = min(0.2 * h ** 2 / nu, 0.5 * h / (speed + 1e-12), 0.004)
        adv = u[1:-1, 1:-1] * (omega[2:, 1:-1] - omega[:-2, 1:-1]) + v[1:-1, 1:-1] * (omega[1:-1, 2:] - omega[1:-1, :-2])
        lap = omega[2:, 1:-1] + omega[:-2, 1:-1] + omega[1:-1, 2:] + omega[1:-1, :-2] - 4 * omega[1:-1, 1:-1]
        omega[1:-1, 1:-1] += dt * (nu * lap / h ** 2 - adv / (2 * h))
        omega[0, :] = omega[-1, :] = 0
        omega[:, [0, -1]] = 0
        t += dt
    try:
        assert t < 1, 'too long'
        print('%.6f %.6e %d' % (t, dt, total))
    except AssertionError as e:
        print(e)
    np.save('omega.npy', omega)


main()
