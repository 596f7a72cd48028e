"""Horizontal diffusion with a flux limiter, as weather models have it (after NPBench's hdiff)."""
import numpy as np


def hdiff(in_field, coeff):
    I, J, K = in_field.shape[0] - 4, in_field.shape[1] - 4, in_field.shape[2]
    lap_field = 4.0 * in_field[1:I + 3, 1:J + 3, :] - (
        in_field[2:I + 4, 1:J + 3, :] + in_field[0:I + 2, 1:J + 3, :] +
        in_field[1:I + 3, 2:J + 4, :] + in_field[1:I + 3, 0:J + 2, :])

    res = lap_field[1:, 1:J + 1, :] - lap_field[:-1, 1:J + 1, :]
    flx_field = np.where(
        (res * (in_field[2:I + 3, 2:J + 2, :] - in_field[1:I + 2, 2:J + 2, :])) > 0,
        0,
        res,
    )

    res = lap_field[1:I + 1, 1:, :] - lap_field[1:I + 1, :-1, :]
    fly_field = np.where(
        (res * (in_field[2:I + 2, 2:J + 3, :] - in_field[2:I + 2, 1:J + 2, :])) > 0,
        0,
        res,
    )

    return in_field[2:I + 2, 2:J + 2, :] - coeff * (
        flx_field[1:, :, :] - flx_field[:-1, :, :] + fly_field[:, 1:, :] - fly_field[:, :-1, :])


I = 24
J = 20
K = 5
steps = 10
x = np.arange(0.0, I + 4)
y = np.arange(0.0, J + 4)
z = np.arange(0.0, K)
X, Y, Z = np.meshgrid(x, y, z, indexing='ij')
field = (X * 7.3 % 3.1) * (Y * 1.7 % 2.3) + Z
for step in range(steps):
    field[2:-2, 2:-2, :] = hdiff(field, 0.025)
np.save('hdiff.npy', field)
