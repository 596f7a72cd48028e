// See tiles.h.
#include "executor/tiles.h"

#include <algorithm>

#include "executor/team.h"

namespace quadrille {

namespace {

// Below this many points the team sleeps on: waking it takes about as long as sweeping them (1 us at 0.25 ns/point is
// 4096 points; two halves of 16384 gain little).
constexpr int64_t kWakePoints = 16384;
// A tile is not made smaller than this, so that its call is not what takes the time.
constexpr int64_t kTilePoints = 2048;
// Cuts along the last dimension keep to this many points, so that vectors stay whole and aligned.
constexpr int64_t kLastStep = 64;

struct Piece {
  int task;
  const Box* box;
  const Index* whole;  // dimensions not to be cut: they are reduced in order
  int64_t blockRows;   // 0: no blocks
};

const Index kNone;

Piece piece(const std::vector<Task>& tasks, size_t number, const Box& box) {
  const Task& task = tasks[number];
  return {static_cast<int>(number), &box, task.reductions.empty() ? &kNone : &task.reductions[0].axes,
          task.reductions.empty() ? task.blockRows : 0};
}

// One tile, or the blocks of rows that it is swept in, one after the other.
void addTile(std::vector<Tile>& tiles, const Piece& piece, Box box) {
  if (piece.blockRows == 0) return tiles.push_back({piece.task, std::move(box)});
  const size_t d = box.size() - 2;
  const auto [lo, hi] = box[d];
  // Of equal size: a last block of few rows would be mostly edge.
  const int64_t blocks = (hi - lo + piece.blockRows - 1) / piece.blockRows;
  for (int64_t b = 0; b < blocks; ++b) {
    Box block = box;
    block[d] = {lo + cut(hi - lo, blocks, b), lo + cut(hi - lo, blocks, b + 1)};
    tiles.push_back({piece.task, std::move(block)});
  }
}

// Number of cuts per dimension: as many as wanted along the outermost, then along the next, ...
std::vector<int64_t> cutsOf(const Box& box, int64_t wanted, const Index& whole) {
  std::vector<int64_t> cuts(box.size(), 1);
  for (size_t d = 0; d < box.size() && wanted > 1; ++d) {
    if (std::find(whole.begin(), whole.end(), static_cast<int64_t>(d)) != whole.end()) continue;
    const bool last = d + 1 == box.size();
    const int64_t extent = box[d].second - box[d].first;
    const int64_t most = last ? (extent + kLastStep - 1) / kLastStep : extent;
    cuts[d] = std::clamp<int64_t>(most, 1, wanted);
    wanted = (wanted + cuts[d] - 1) / cuts[d];
  }
  return cuts;
}

Box cell(const Box& box, const std::vector<int64_t>& cuts, int64_t number) {
  Box result = box;
  for (size_t d = box.size(); d-- > 0;) {
    const auto [lo, hi] = box[d];
    const int64_t i = number % cuts[d];
    number /= cuts[d];
    if (cuts[d] == 1) continue;
    const bool last = d + 1 == box.size();
    const int64_t step = last ? kLastStep : 1;
    const int64_t steps = (hi - lo + step - 1) / step;
    result[d] = {lo + cut(steps, cuts[d], i) * step, std::min(hi, lo + cut(steps, cuts[d], i + 1) * step)};
  }
  return result;
}

Share shareOutPieces(const std::vector<Piece>& pieces, int threads, int odf) {
  int64_t total = 0;
  for (const Piece& piece : pieces) total += points(*piece.box);
  const int members = total < kWakePoints ? 1 : threads;

  std::vector<std::vector<Tile>> perMember(static_cast<size_t>(members));
  for (const Piece& piece : pieces) {
    const int64_t size = points(*piece.box);
    if (size == 0) continue;
    const std::vector<int64_t> cuts =
        cutsOf(*piece.box, std::min(int64_t{members} * odf, std::max<int64_t>(size / kTilePoints, 1)), *piece.whole);
    int64_t count = 1;
    for (const int64_t c : cuts) count *= c;
    // Contiguous runs of tiles per member, so that a member sweeps what it touched first. A box of fewer tiles than
    // members (a halo's edge) goes where the least is.
    for (int64_t i = 0; i < count; ++i) {
      size_t member = static_cast<size_t>(i * members / count);
      if (count < members) {
        const auto least = [](const std::vector<Tile>& a, const std::vector<Tile>& b) {
          int64_t left = 0, right = 0;
          for (const Tile& tile : a) left += points(tile.box);
          for (const Tile& tile : b) right += points(tile.box);
          return left < right;
        };
        member = static_cast<size_t>(std::min_element(perMember.begin(), perMember.end(), least) - perMember.begin());
      }
      addTile(perMember[member], piece, cell(*piece.box, cuts, i));
    }
  }

  Share share;
  share.first.push_back(0);
  for (std::vector<Tile>& tiles : perMember) {
    for (Tile& tile : tiles) share.tiles.push_back(std::move(tile));
    share.first.push_back(static_cast<int>(share.tiles.size()));
  }
  return share;
}

}  // namespace

int64_t points(const Box& box) {
  int64_t count = 1;
  for (const auto& [lo, hi] : box) count *= hi - lo;
  return count;
}

Share shareOut(const std::vector<Task>& tasks, const std::vector<Box> Task::* boxes, int threads, int odf) {
  std::vector<Piece> pieces;
  for (size_t t = 0; t < tasks.size(); ++t) {
    for (const Box& box : tasks[t].*boxes) pieces.push_back(piece(tasks, t, box));
  }
  return shareOutPieces(pieces, threads, odf);
}

Share shareOutAll(const std::vector<Task>& tasks, int threads, int odf) {
  std::vector<Piece> pieces;
  for (size_t t = 0; t < tasks.size(); ++t) {
    for (const Box& box : tasks[t].interior) pieces.push_back(piece(tasks, t, box));
    for (const Box& box : tasks[t].boundary) pieces.push_back(piece(tasks, t, box));
  }
  return shareOutPieces(pieces, threads, odf);
}

}  // namespace quadrille
