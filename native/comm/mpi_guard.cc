// In: what to poll for; out: done, or RankDiverged. See mpi_guard.h for the conversation between ranks.
#include "mpi_guard.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include "mpi_backoff.h"
#include "mpi_check.h"

namespace quadrille {
namespace {

constexpr int kQuestionTag = 1, kAnswerTag = 2;
constexpr auto kServeAtLeastEvery = std::chrono::milliseconds(100);
constexpr auto kLookEvery = std::chrono::milliseconds(1);
// How long a rank that knows of a divergence stays to tell the others: their error names both places as well.
constexpr auto kLinger = std::chrono::milliseconds(400);

}  // namespace

struct Guard::Question {
  uint64_t id, sequence;
};

struct Guard::Answer {
  uint64_t id;
  uint64_t ended;
  WireWork now, then;  // `then`: what ran at the sequence asked for, if remembered (operation none: it is not)
};

std::string WireWork::text() const {
  const std::string at = std::string(label) + " (step " + std::to_string(sequence) + ")";
  return operation == Operation::barrier ? "the barrier at " + at : at;
}

std::string WireWork::beside(const WireWork& other) const {
  if (sameProgram(other)) return "there with other fields or other numbers (has one of them its rank in it?)";
  return "in " + text();
}

Guard::Guard(MPI_Comm control, std::chrono::duration<double> stall) : control_(control), stall_(stall) {
  check(MPI_Comm_rank(control_, &rank_), "MPI_Comm_rank");
}

void Guard::begin(const WireWork& work) {
  now_ = work;
  history_[work.sequence % history_.size()] = work;
}

void Guard::wait(const std::function<bool()>& done, const std::function<Owing()>& owing) {
  Backoff backoff(crowded_);
  const Clock::time_point began = Clock::now();
  askAt_ = began + std::chrono::duration_cast<Clock::duration>(stall_);
  asked_.clear();
  suspects_.clear();
  bool lookAround = began - served_ > kServeAtLeastEvery;
  for (;;) {
    std::string why;
    {
      const MpiLock lock(mpiMutex());
      if (done()) return;
      if (lookAround) why = look(owing());
      if (!why.empty() && done()) return;  // it came while we asked
    }
    if (!why.empty()) diverged(why);
    backoff.pause();
    lookAround = backoff.sleeping() && Clock::now() - served_ > kLookEvery;
  }
}

std::string Guard::look(const Owing& owing) {
  std::vector<std::pair<int, Answer>> heard;
  serve(&heard);
  std::string why = owing.divergence;
  for (const auto& [peer, answer] : heard) {
    if (std::find(owing.peers.begin(), owing.peers.end(), peer) == owing.peers.end()) continue;
    const std::string verdict = judge(peer, answer);
    if (why.empty()) why = verdict;
    if (suspects_.contains(peer)) {
      askAt_ = served_ + std::chrono::duration_cast<Clock::duration>(
                             std::min<std::chrono::duration<double>>(stall_, kConfirmAfter));
    }
  }
  if (why.empty() && served_ >= askAt_) {
    ask(owing.peers);
    askAt_ = served_ + std::chrono::duration_cast<Clock::duration>(stall_);
  }
  return why;
}

void Guard::waitForEnd() {
  ended_ = true;
  // Twice: after the first, nobody asks any more; before the second ends, all that was asked has been read.
  for (int round = 0; round < 2; ++round) {
    MPI_Request barrier = MPI_REQUEST_NULL;
    {
      const MpiLock lock(mpiMutex());
      check(MPI_Ibarrier(control_, &barrier), "MPI_Ibarrier");
    }
    Backoff backoff(crowded_);
    for (int arrived = 0; arrived == 0;) {
      {
        const MpiLock lock(mpiMutex());
        serve(nullptr);
        check(MPI_Test(&barrier, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
      }
      if (arrived == 0) backoff.pause();
    }
  }
}

void Guard::diverged(const std::string& message) {
  const Clock::time_point until = Clock::now() + kLinger;
  while (Clock::now() < until) {
    {
      const MpiLock lock(mpiMutex());
      serve(nullptr);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  throw RankDiverged(message + ". Every rank must run the same statements in the same order.");
}

void Guard::serve(std::vector<std::pair<int, Answer>>* heard) {
  served_ = Clock::now();
  for (;;) {
    int arrived = 0;
    MPI_Status status;
    check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, control_, &arrived, &status), "MPI_Iprobe");
    if (arrived == 0) break;
    if (status.MPI_TAG == kQuestionTag) {
      reply(status.MPI_SOURCE, receive<Question>(status));
      continue;
    }
    const auto answer = receive<Answer>(status);
    const auto open = asked_.find(status.MPI_SOURCE);
    if (open == asked_.end() || open->second != answer.id) continue;  // to a question of an earlier wait
    asked_.erase(open);
    if (heard) heard->emplace_back(status.MPI_SOURCE, answer);
  }
  outgoing_.remove_if([](Outgoing& message) {
    int sent = 0;
    check(MPI_Test(&message.request, &sent, MPI_STATUS_IGNORE), "MPI_Test");
    return sent != 0;
  });
}

void Guard::ask(const std::vector<int>& peers) {
  for (const int peer : peers) {
    // Who has not answered is busy and will answer when it waits: asking twice would only fill its mailbox.
    const auto [entry, isNew] = asked_.try_emplace(peer, questions_ + 1);
    if (!isNew) continue;
    post(peer, kQuestionTag, Question{++questions_, now_.sequence});
  }
}

void Guard::reply(int peer, const Question& question) {
  Answer answer{question.id, ended_ ? 1u : 0u, now_, {}};
  const WireWork& then = history_[question.sequence % history_.size()];
  if (then.operation != Operation::none && then.sequence == question.sequence) answer.then = then;
  post(peer, kAnswerTag, answer);
}

template <typename T>
void Guard::post(int peer, int tag, const T& message) {
  static_assert(std::is_trivially_copyable_v<T>);
  Outgoing& out = outgoing_.emplace_back();
  out.bytes.resize(sizeof(T));
  std::memcpy(out.bytes.data(), &message, sizeof(T));
  check(MPI_Isend(out.bytes.data(), sizeof(T), MPI_BYTE, peer, tag, control_, &out.request), "MPI_Isend");
}

template <typename T>
T Guard::receive(const MPI_Status& probed) {
  static_assert(std::is_trivially_copyable_v<T>);
  T message;
  check(MPI_Recv(&message, sizeof(T), MPI_BYTE, probed.MPI_SOURCE, probed.MPI_TAG, control_, MPI_STATUS_IGNORE),
        "MPI_Recv");
  return message;
}

std::string Guard::judge(int peer, const Answer& answer) {
  const std::string why = verdict(peer, answer);
  if (why.empty()) {
    suspects_.erase(peer);
    return {};
  }
  return suspects_.insert(peer).second ? std::string{} : why;
}

std::string Guard::verdict(int peer, const Answer& answer) const {
  const std::string other = "rank " + std::to_string(peer);
  const std::string head =
      "rank " + std::to_string(rank_) + " waits for " + other + " in " + now_.text() + ", but " + other;
  const bool ranElse = answer.then.operation != Operation::none && !answer.then.sameAs(now_);
  if (answer.ended != 0) {
    if (ranElse) return head + " was " + answer.then.beside(now_) + " and has ended";
    if (answer.now.operation == Operation::none) return head + " has ended without exchanging anything";
    return head + " has ended; the last it did was " + answer.now.text();
  }
  if (answer.now.sequence == now_.sequence && !answer.now.sameAs(now_)) return head + " is " + answer.now.beside(now_);
  if (answer.now.sequence > now_.sequence) {
    if (ranElse) return head + " was " + answer.then.beside(now_) + " and is now in " + answer.now.text();
    return head + " has gone on to " + answer.now.text();
  }
  return {};
}

}  // namespace quadrille
