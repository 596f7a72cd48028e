// Runs of one Plan whose integers move on by constants, taken strip by strip: the Plan's march in, its tasks called.
// See jit/march.ts.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "executor/chain.h"
#include "executor/plan.h"
#include "executor/team.h"

namespace quadrille {

class MarchRunner {
 public:
  // `moved`: how far each integer is from the one that the Plan is made for, in the first run; `by`: how far it moves
  // on. tasks(task): it, on the fields of these runs. The Plan has a march, and outlives this.
  template <class Tasks>
  MarchRunner(const Plan& plan, int members, const Index& moved, const Index& by, Tasks&& tasks)
      : width_(plan.march->width), members_(members) {
    for (size_t w = 0; w < plan.waves.size(); ++w) {
      for (size_t t = 0; t < plan.waves[w].tasks.size(); ++t) {
        const Task& task = plan.waves[w].tasks[t];
        if (!task.interior.empty()) add(task, plan.march->along[w][t], moved, by, tasks(task));
      }
    }
  }

  // `count` runs. `params`: of all of them.
  void run(Team& team, const double* params, int64_t count) const;

 private:
  struct Part {
    PreparedTask task;
    size_t strip;                                    // where in its `ints` the bounds of the strip go
    int64_t lo, hi;                                  // of all strips
    std::vector<std::pair<size_t, int64_t>> onward;  // what of `ints` is so much more in the next run
  };

  void add(const Task& task, int along, const Index& moved, const Index& by, PreparedTask prepared);

  const int64_t width_;
  const int members_;
  std::vector<Part> parts_;
};

}  // namespace quadrille
