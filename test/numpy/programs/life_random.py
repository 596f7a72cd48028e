"""Life from random cells, the board as a column of numbers that is reshaped, statistics in a dict of arrays."""
import numpy as np

ON, OFF = 255, 0
rows, columns = 48, 60
np.random.seed(7)
grid = np.random.choice([ON, OFF], rows * columns, p=[0.3, 0.7]).reshape(rows, columns)
history = {'alive': np.zeros(24, dtype=int), 'born': np.zeros(24, dtype=int)}


def neighbours(cells):
    return sum(np.roll(np.roll(cells, i, 0), j, 1) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)) // ON


for generation in range(24):
    n = neighbours(grid)
    born = (grid == OFF) & (n == 3)
    dies = (grid == ON) & ((n < 2) | (n > 3))
    new = grid.copy()
    new[born] = ON
    new[dies] = OFF
    grid[:] = new
    history['alive'][generation] = (grid == ON).sum()
    history['born'][generation] = np.sum(born)
print(history['alive'].tolist(), *history['born'][-3:])
blocks = grid.reshape(rows // 4, 4, columns // 4, 4)
density = (blocks // ON).sum(axis=3).sum(axis=1)
noise = np.random.rand(rows, columns) + np.random.uniform(-1, 1, (rows, columns))
np.save('grid', grid)
np.save('column', grid.ravel())
np.save('tall', noise.reshape(columns, rows))
np.save('density', density)
np.save('dice', np.random.randint(1, 7, size=(5, 7)))
for name, values in history.items():
    np.save(name, values.reshape(-1, 1))
