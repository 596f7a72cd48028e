// See linker.h. ORC's session, JITLink and a table of libm; no IR layer, since codegen.cc makes the objects.
#include "engine/linker.h"

#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/AbsoluteSymbols.h>
#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstring>

#include "engine/libm.h"
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

}  // namespace

// A bare session rather than LLJIT: no IR compile layer, no platform module to compile, so that a process with a warm
// disk cache runs its first kernel within a few milliseconds.
struct Linker::Session {
  Session()
      : session(check(llvm::orc::SelfExecutorProcessControl::Create())),
        objects(session),
        libm(session.createBareJITDylib("libm")) {
    // Failures come back from lookup() with their reason; nothing is written to stderr.
    session.setErrorReporter([](llvm::Error problem) { llvm::consumeError(std::move(problem)); });
    llvm::orc::SymbolMap symbols;
    const auto define = [&](std::string_view name, void* address) {
      symbols[session.intern(llvm::StringRef(name))] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                                        llvm::JITSymbolFlags::Exported};
    };
    for (const LibmFunction& function : libmFunctions()) define(function.name, function.address);
    // What LLVM itself makes of fill and copy loops.
    define("memset", reinterpret_cast<void*>(&::memset));
    define("memcpy", reinterpret_cast<void*>(&::memcpy));
    define("memmove", reinterpret_cast<void*>(&::memmove));
    check(libm.define(llvm::orc::absoluteSymbols(std::move(symbols))));
  }

  ~Session() { llvm::consumeError(session.endSession()); }

  llvm::orc::ExecutionSession session;
  llvm::orc::ObjectLinkingLayer objects;
  llvm::orc::JITDylib& libm;
};

struct LinkedCode::Impl {
  explicit Impl(std::shared_ptr<Linker::Session> owner, const std::string& name)
      : session(std::move(owner)), library(session->session.createBareJITDylib(name)) {
    library.addToLinkOrder(session->libm);
  }
  ~Impl() { llvm::consumeError(session->session.removeJITDylib(library)); }

  std::shared_ptr<Linker::Session> session;
  llvm::orc::JITDylib& library;
  KernelFn function = nullptr;
};

LinkedCode::LinkedCode(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LinkedCode::LinkedCode(LinkedCode&&) noexcept = default;
LinkedCode& LinkedCode::operator=(LinkedCode&&) noexcept = default;
LinkedCode::~LinkedCode() = default;
KernelFn LinkedCode::function() const { return impl_->function; }

Linker::Linker() : session_(std::make_shared<Session>()) {}
Linker::~Linker() = default;

LinkedCode Linker::link(std::unique_ptr<llvm::MemoryBuffer> object, const std::string& symbol) {
  auto code = std::make_unique<LinkedCode::Impl>(session_, "kernel " + std::to_string(serial_++));
  check(session_->objects.add(code->library, std::move(object)));
  const auto found = check(session_->session.lookup({&code->library}, symbol));
  code->function = found.getAddress().toPtr<KernelFn>();
  return LinkedCode(std::move(code));
}

}  // namespace quadrille
