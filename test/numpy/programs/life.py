"""Conway's Game of Life on integers, with periodic sides."""
import numpy as np

n = 40
board = np.zeros((n, n), dtype=int)
# a glider, a blinker and an R-pentomino
board[1, 2] = board[2, 3] = board[3, 1] = board[3, 2] = board[3, 3] = 1
board[20, 10:13] = 1
board[30, 30:32] = 1
board[31, 29:31] = 1
board[32, 30] = 1


def step(b):
    neighbours = sum(np.roll(np.roll(b, i, 0), j, 1)
                     for i in (-1, 0, 1) for j in (-1, 0, 1)
                     if (i != 0 or j != 0))
    return ((neighbours == 3) | ((b == 1) & (neighbours == 2))).astype(int)


for generation in range(50):
    board = step(board)
print(board.sum(), 'alive')
np.save('life.npy', board)
