// A static team of threads: one function in, run once by every member at the same time, back when all are done.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace quadrille {

// A number that threads wait on: spin for a while, then sleep in the kernel.
class Signal {
 public:
  uint32_t value() const { return value_.load(std::memory_order_acquire); }
  // While nobody waits.
  void set(uint32_t value) { value_.store(value, std::memory_order_release); }
  void add();
  // Takes 1 away; wakes waiters when 0 is left.
  void subtract();
  // Waits until the value is no longer `old`; returns the new one.
  uint32_t awaitChange(uint32_t old, int spins) const;
  // Waits until the value is `wanted`.
  void await(uint32_t wanted, int spins) const;

 private:
  std::atomic<uint32_t> value_{0};
};

using Places = std::vector<std::vector<int>>;

// Keeps the calling thread on the given hardware threads. Where the system refuses (a CPU that is gone), it goes where
// it is sent, as before.
void stayOn(const std::vector<int>& place);

// run() is for one thread at a time, which is member 0 itself (and pins itself: it belongs to the executor).
class Team {
 public:
  // `oversubscribed`: there are more threads than cores, so that spinning would take time from those who work.
  // `places`: hardware threads (OS indices) of each member, which stays there; empty: the system decides. Throws Error
  // BAD_OPTION where the threads cannot be had.
  Team(int threads, bool oversubscribed, Places places);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }
  int spins() const { return spins_; }

  // body(member) on members 0 .. min(members, size()) - 1. It must not throw.
  template <class Body>
  void run(int members, Body&& body) {
    static_assert(std::is_nothrow_invocable_v<Body&, int>, "a member that throws ends the process");
    if (members <= 1 || workers_.empty()) {
      body(0);
      return;
    }
    begin([](void* context, int member) { (*static_cast<std::remove_reference_t<Body>*>(context))(member); },
          const_cast<void*>(static_cast<const void*>(&body)), members);
    body(0);
    end();
  }

 private:
  using Call = void (*)(void* context, int member);
  void begin(Call call, void* context, int members);
  void end();
  void work(int member);
  void stop();

  const int spins_;
  const Places places_;
  Call call_ = nullptr;
  void* context_ = nullptr;
  int members_ = 0;
  bool stop_ = false;
  alignas(64) Signal started_;  // counts calls of run()
  alignas(64) Signal working_;  // workers that have not finished
  std::vector<std::thread> workers_;
};

// Part i of n things cut into `parts` contiguous shares: fields are first touched, and boxes swept, by the same cut.
inline int64_t cut(int64_t n, int64_t parts, int64_t i) { return n / parts * i + (n % parts) * i / parts; }

}  // namespace quadrille
