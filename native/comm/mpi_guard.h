// The divergence guard: waits for MPI operations by polling, and finds out why when nothing comes. In: what to wait
// for and which ranks owe it; out: returns when done, or RankDiverged that names the rank, what it does and where.
//
// A rank that waits for long asks the ranks it waits for (on a communicator of its own) what they do. Ranks that wait
// themselves, or have ended, answer; a rank whose JavaScript or kernels are merely slow does not, and is waited for.
#pragma once

#include <mpi.h>

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mpi_work.h"

namespace quadrille {

class Guard {
 public:
  using Clock = std::chrono::steady_clock;
  // A suspicion must hold for this long: the message may have been under way while the question was. Short, since the
  // network has had the whole stall time already.
  static constexpr std::chrono::milliseconds kConfirmAfter{200};

  // `control` is the guard's own communicator; `stall`: how long to wait before asking.
  Guard(MPI_Comm control, std::chrono::duration<double> stall);

  void setCrowded(bool crowded) { crowded_ = crowded; }

  // This rank begins an operation.
  void begin(const WireWork& work);
  const WireWork& now() const { return now_; }

  // Ranks still waited for; `divergence` says what is wrong where that shows without asking.
  struct Owing {
    std::vector<int> peers;
    std::string divergence;
  };

  // Polls `done` until it holds, now and then looking at what is owed. Both are called under mpiMutex.
  void wait(const std::function<bool()>& done, const std::function<Owing()>& owing);
  // The last wait: this rank's program has ended. Answers whoever still waits for it, until every rank is here.
  void waitForEnd();

  // Throws RankDiverged after a moment in which the others can ask and learn the same.
  [[noreturn]] void diverged(const std::string& message);

 private:
  struct Question;
  struct Answer;
  struct Outgoing {
    std::vector<std::byte> bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  // Receives and answers what has arrived; answers to this rank's own questions go to `heard`. Under mpiMutex.
  void serve(std::vector<std::pair<int, Answer>>* heard);
  void ask(const std::vector<int>& peers);
  void reply(int peer, const Question& question);
  template <typename T>
  void post(int peer, int tag, const T& message);
  template <typename T>
  T receive(const MPI_Status& probed);
  // Why the peer will never send what this rank waits for; empty if it may.
  std::string verdict(int peer, const Answer& answer) const;
  // Takes an answer in; the verdict once the peer has given it twice, empty before.
  std::string judge(int peer, const Answer& answer);
  // One look around while waiting for long: answers, listens, asks when it is time. Why to give up, or empty. Under
  // mpiMutex.
  std::string look(const Owing& owing);

  MPI_Comm control_;
  int rank_ = 0;
  std::chrono::duration<double> stall_;
  bool crowded_ = false, ended_ = false;
  WireWork now_;
  // What ran at the latest sequence numbers: tells a rank that lags what this one ran in its place.
  std::array<WireWork, 64> history_;
  uint64_t questions_ = 0;
  std::map<int, uint64_t> asked_;  // by rank: the question that has not been answered yet
  std::set<int> suspects_;         // ranks whose last answer was that nothing will come
  Clock::time_point served_{}, askAt_{};
  std::list<Outgoing> outgoing_;
};

}  // namespace quadrille
