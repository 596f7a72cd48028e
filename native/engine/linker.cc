// See linker.h. ORC's session, JITLink and what kernels may call; no IR layer, since codegen.cc makes the objects.
#include "engine/linker.h"

#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/AbsoluteSymbols.h>
#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>
#include <math.h>

#include <cstring>

#include "engine/streaming.h"
#include "error.h"

namespace quadrille {

namespace {

void check(llvm::Error problem) {
  if (problem) throw CompileError(llvm::toString(std::move(problem)));
}

template <class T>
T check(llvm::Expected<T> value) {
  if (!value) throw CompileError(llvm::toString(value.takeError()));
  return std::move(*value);
}

llvm::orc::ExecutorSymbolDef exported(void* address) {
  return {llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported};
}

// What LLVM itself calls: for fill and copy loops, and where a processor lacks an instruction (rounding before
// SSE 4.1).
llvm::orc::SymbolMap ownNeeds(llvm::orc::ExecutionSession& session) {
  using Unary = double (*)(double);
  using UnaryF = float (*)(float);
  const std::pair<const char*, void*> needs[] = {
      {"memset", reinterpret_cast<void*>(&::memset)},
      {"memcpy", reinterpret_cast<void*>(&::memcpy)},
      {"memmove", reinterpret_cast<void*>(&::memmove)},
      {"floor", reinterpret_cast<void*>(static_cast<Unary>(&::floor))},
      {"ceil", reinterpret_cast<void*>(static_cast<Unary>(&::ceil))},
      {"trunc", reinterpret_cast<void*>(static_cast<Unary>(&::trunc))},
      {"rint", reinterpret_cast<void*>(static_cast<Unary>(&::rint))},
      {"floorf", reinterpret_cast<void*>(static_cast<UnaryF>(&::floorf))},
      {"ceilf", reinterpret_cast<void*>(static_cast<UnaryF>(&::ceilf))},
      {"truncf", reinterpret_cast<void*>(static_cast<UnaryF>(&::truncf))},
      {"rintf", reinterpret_cast<void*>(static_cast<UnaryF>(&::rintf))},
  };
  llvm::orc::SymbolMap symbols;
  for (const auto& [name, address] : needs) symbols[session.intern(name)] = exported(address);
  return symbols;
}

// Mathematical functions, by name, once a kernel calls one.
class MathsOnDemand : public llvm::orc::DefinitionGenerator {
 public:
  explicit MathsOnDemand(MathsKind kind) : kind_(kind) {}

  llvm::Error tryToGenerate(llvm::orc::LookupState&, llvm::orc::LookupKind, llvm::orc::JITDylib& library,
                            llvm::orc::JITDylibLookupFlags, const llvm::orc::SymbolLookupSet& wanted) override {
    const bool any = llvm::any_of(wanted, [](const auto& one) { return isMathsName(std::string_view(*one.first)); });
    if (!any || defined_) return llvm::Error::success();
    defined_ = true;
    try {
      llvm::orc::SymbolMap symbols;
      auto& session = library.getExecutionSession();
      for (const MathsFunction& function : mathsFunctions(kind_)) {
        if (function.address) symbols[session.intern(function.name)] = exported(function.address);
        for (const VectorVariant& variant : function.variants) {
          symbols[session.intern(variant.name)] = exported(variant.address);
        }
      }
      return library.define(llvm::orc::absoluteSymbols(std::move(symbols)));
    } catch (const CompileError& problem) {  // LLVM's code must not be unwound
      return llvm::createStringError(problem.what());
    }
  }

 private:
  MathsKind kind_;
  bool defined_ = false;
};

}  // namespace

// A bare session rather than LLJIT: no IR compile layer, no platform module to compile, so that a process with a warm
// disk cache runs its first kernel within a few milliseconds.
struct Linker::Session {
  explicit Session(MathsKind maths)
      : session(check(llvm::orc::SelfExecutorProcessControl::Create())),
        objects(session),
        callable(session.createBareJITDylib("callable")) {
    // Failures come back from lookup() with their reason; nothing is written to stderr.
    session.setErrorReporter([](llvm::Error problem) { llvm::consumeError(std::move(problem)); });
    check(callable.define(llvm::orc::absoluteSymbols(ownNeeds(session))));
    callable.addGenerator(std::make_unique<MathsOnDemand>(maths));
  }

  ~Session() { llvm::consumeError(session.endSession()); }

  llvm::orc::ExecutionSession session;
  llvm::orc::ObjectLinkingLayer objects;
  llvm::orc::JITDylib& callable;
};

struct LinkedCode::Impl {
  explicit Impl(std::shared_ptr<Linker::Session> owner, const std::string& name)
      : session(std::move(owner)), library(session->session.createBareJITDylib(name)) {
    library.addToLinkOrder(session->callable);
  }
  ~Impl() { llvm::consumeError(session->session.removeJITDylib(library)); }

  std::shared_ptr<Linker::Session> session;
  llvm::orc::JITDylib& library;
  KernelFn function = nullptr, streaming = nullptr;
};

LinkedCode::LinkedCode(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LinkedCode::LinkedCode(LinkedCode&&) noexcept = default;
LinkedCode& LinkedCode::operator=(LinkedCode&&) noexcept = default;
LinkedCode::~LinkedCode() = default;
KernelFn LinkedCode::function() const { return impl_->function; }
KernelFn LinkedCode::streaming() const { return impl_->streaming; }

Linker::Linker(MathsKind maths) : session_(std::make_shared<Session>(maths)) {}
Linker::~Linker() = default;

LinkedCode Linker::link(std::unique_ptr<llvm::MemoryBuffer> object, const std::string& symbol) {
  auto code = std::make_unique<LinkedCode::Impl>(session_, "kernel " + std::to_string(serial_++));
  check(session_->objects.add(code->library, std::move(object)));
  const auto found = check(session_->session.lookup({&code->library}, symbol));
  code->function = found.getAddress().toPtr<KernelFn>();
  if (auto other = session_->session.lookup({&code->library}, streamingName(symbol))) {
    code->streaming = other->getAddress().toPtr<KernelFn>();
  } else {
    llvm::consumeError(other.takeError());
  }
  return LinkedCode(std::move(code));
}

}  // namespace quadrille
