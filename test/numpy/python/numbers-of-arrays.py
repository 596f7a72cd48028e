import numpy as np

# What is read from arrays has their type: elements, sums, and what is computed with them.
u = np.arange(12, dtype=np.float32).reshape(3, 4) * np.float32(0.1)
print(u[1, 2], u[1, 2] + u[0, 1], u[0, 1] * 3, u[2, 3] / 7, u.max(), u[1, 2] + 0.5)
x = u[1, 2]
print(f'{x} {x:.10f}', [x * 1], '%s %.9f' % (x, x), x.dtype, float(x), x.item(), type(x.item()))
print((np.sqrt(2.0) * u).dtype, (np.float32(2) * u).dtype, (2.0 * u).dtype, (np.int64(2) * u).dtype, (u[0, 0] * u).dtype)
print((np.float64(2) * u.astype(np.float64)).dtype, (np.float64(1) < u).dtype, (u * np.bool_(True)).dtype)
i = np.arange(6, dtype=np.int32)
print((i * np.int32(2)).dtype, (i + np.int64(2)).dtype, (i * np.float32(2)).dtype, (i * 2).dtype, (i * np.float64(2)).dtype)
print(i[3] * 2, i[5] * np.int32(2 ** 30), i.sum(), (i[1] - i[2]) // 2, i[2] / i[4])
m = i > 2
print(m[0], m[3] + m[4], m.sum(), (m * np.float32(2)).dtype, np.array([m[3], m[0]]).dtype)
print(np.array([u[0, 1], u[0, 2]]).dtype, np.array([np.float32(1), 2]).dtype, np.array([np.int32(1), np.int32(2)]).dtype)
print(np.full(2, np.float32(0.1)).dtype, np.full(2, np.int32(3)).dtype, np.array(np.float32(3)).dtype, np.asarray(2).dtype)
v = np.zeros(3)
v[0], v[1], v[2] = np.float32(0.1), np.sqrt(2.0), np.int64(7)
v[np.int64(1)] += np.float32(0.1)
v[: np.int32(1)] *= np.float64(2)
print(v)
c = np.sqrt(3.0)
for k in range(20):
    v += c * 0.125
    v *= np.float32(0.5)
print(v, v[0] / 0 if k < 0 else v[1])
with np.errstate(all='ignore'):
    print(v[0] / (v[1] - v[1]), v[0] * 0 / 0.0, i[5] // i[0], -u[1, 1] / u[0, 0])
print(np.where(u > 0.5, np.float32(1), 0).dtype, np.maximum(u, np.float64(0.25)).dtype, np.clip(u, 0.25, 0.5).dtype)
