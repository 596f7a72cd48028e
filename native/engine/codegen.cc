// See codegen.h: parse, verify, fix up, optimise, machine code.
#include "engine/codegen.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/CompileUtils.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include "engine/fixup.h"
#include "engine/pipeline.h"
#include "engine/target.h"
#include "error.h"

namespace quadrille {

namespace {

std::unique_ptr<llvm::Module> parse(std::span<const std::byte> bitcode, llvm::LLVMContext& context) {
  const llvm::StringRef bytes(reinterpret_cast<const char*>(bitcode.data()), bitcode.size());
  auto module = llvm::parseBitcodeFile(llvm::MemoryBufferRef(bytes, "kernel"), context);
  if (!module) throw CompileError("not LLVM bitcode: " + llvm::toString(module.takeError()));
  return std::move(*module);
}

void verify(const llvm::Module& module) {
  std::string problem;
  llvm::raw_string_ostream out(problem);
  if (llvm::verifyModule(module, &out)) throw CompileError("not valid IR: " + problem);
}

void retarget(llvm::Module& module, const llvm::TargetMachine& machine) {
  module.setDataLayout(machine.createDataLayout());
#if LLVM_VERSION_MAJOR >= 21
  module.setTargetTriple(machine.getTargetTriple());
#else
  module.setTargetTriple(machine.getTargetTriple().str());
#endif
}

}  // namespace

CodeGenerator::CodeGenerator(MathsKind maths) : maths_(maths) {}
CodeGenerator::~CodeGenerator() = default;

llvm::TargetMachine& CodeGenerator::machine() {
  if (!machine_) machine_ = makeTargetMachine();
  return *machine_;
}

std::unique_ptr<llvm::MemoryBuffer> CodeGenerator::compile(std::span<const std::byte> bitcode,
                                                           const std::string& symbol, const std::string& exported,
                                                           bool contract) {
  llvm::LLVMContext context;
  auto module = parse(bitcode, context);
  retarget(*module, machine());
  verify(*module);
  fixUp(*module, symbol, exported, contract, maths_);
  optimize(*module, machine(), exported);
  auto object = llvm::orc::SimpleCompiler(machine())(*module);
  if (!object) throw CompileError(llvm::toString(object.takeError()));
  return std::move(*object);
}

std::string CodeGenerator::optimizedIR(std::span<const std::byte> bitcode, bool contract) {
  llvm::LLVMContext context;
  auto module = parse(bitcode, context);
  retarget(*module, machine());
  verify(*module);
  fixUp(*module, "", "", contract, maths_);
  optimize(*module, machine(), "");
  std::string text;
  llvm::raw_string_ostream out(text);
  module->print(out, nullptr);
  return text;
}

}  // namespace quadrille
