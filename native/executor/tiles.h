// Cuts the boxes of one wave into tiles and gives each member of the team its share.
#pragma once

#include <vector>

#include "executor/plan.h"

namespace quadrille {

struct Tile {
  int task;  // index into the wave's tasks
  Box box;
};

// Tiles in order of their members: member m sweeps [first[m], first[m + 1]).
struct Share {
  std::vector<Tile> tiles;
  std::vector<int> first;  // members() + 1 entries

  int members() const { return static_cast<int>(first.size()) - 1; }
};

int64_t points(const Box& box);

// threads * odf tiles per box where it is large enough, cut along its outermost dimensions; a wave with few points is
// one member's, uncut. Where a task sweeps blocks of planes, a tile is as many as it has blocks.
Share shareOut(const std::vector<Task>& tasks, const std::vector<Box> Task::* boxes, int threads, int odf);
// Both kinds of boxes at once, for waves that wait for no exchange.
Share shareOutAll(const std::vector<Task>& tasks, int threads, int odf);

}  // namespace quadrille
