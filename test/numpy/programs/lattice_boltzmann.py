"""Lattice Boltzmann D2Q9, populations first: streaming by np.roll, full-way bounce-back at walls by a mask."""
import numpy as np

C = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)]
W = [4 / 9] + [1 / 9] * 4 + [1 / 36] * 4
OPPOSITE = [0, 3, 4, 1, 2, 7, 8, 5, 6]


def equilibrium(rho, ux, uy):
    feq = np.empty((9,) + rho.shape)
    usqr = 1.5 * (ux ** 2 + uy ** 2)
    for k, (cx, cy) in enumerate(C):
        cu = 3.0 * (cx * ux + cy * uy)
        feq[k] = W[k] * rho * (1.0 + cu + 0.5 * cu ** 2 - usqr)
    return feq


def main(nx=40, ny=24, steps=25, omega=1.2, force=1e-4):
    x, y = np.meshgrid(np.arange(nx), np.arange(ny), indexing='ij')
    solid = (y == 0) | (y == ny - 1) | ((x - nx // 3) ** 2 + (y - ny // 2) ** 2 < (ny // 6) ** 2)
    rho = np.ones((nx, ny))
    f = equilibrium(rho, 0.16 * y * (ny - 1 - y) / ny ** 2, np.zeros((nx, ny)))
    for _ in range(steps):
        rho = f[0] + f[1] + f[2] + f[3] + f[4] + f[5] + f[6] + f[7] + f[8]
        ux = (f[1] - f[3] + f[5] - f[6] - f[7] + f[8]) / rho + force
        uy = (f[2] - f[4] + f[5] + f[6] - f[7] - f[8]) / rho
        feq = equilibrium(rho, ux, uy)
        out = f - omega * (f - feq)
        for k in range(9):
            out[k][solid] = f[OPPOSITE[k]][solid]
        for k, (cx, cy) in enumerate(C):
            f[k] = np.roll(out[k], (cx, cy), axis=(0, 1))
    ux[solid] = 0
    uy[solid] = 0
    print(f'largest speed {np.sqrt((ux ** 2 + uy ** 2).max()):.6f}')
    np.save('rho.npy', rho)
    np.save('u.npy', np.stack([ux, uy]))


if __name__ == '__main__':
    main()
