// Host detection and target machines, on LLVM's side.
#include "engine/target.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>
#include <llvm/TargetParser/Triple.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "error.h"

namespace quadrille {

const HostCpu& hostCpu() {
  static const HostCpu host = [] {
    std::vector<std::string> features;
    for (const auto& feature : llvm::sys::getHostCPUFeatures()) {
      features.push_back((feature.second ? "+" : "-") + feature.first().str());
    }
    std::sort(features.begin(), features.end());  // the map's order is not promised; cache keys need one
    std::string text;
    for (const std::string& feature : features) text += (text.empty() ? "" : ",") + feature;
    return HostCpu{llvm::sys::getHostCPUName().str(), text};
  }();
  return host;
}

// Intel processors up to Ice Lake lower their clock for 512 bits, and LLVM prefers 256 for all of Intel's. From
// Sapphire Rapids on (told by half-precision arithmetic, also where a hypervisor hides the model) the clock stays:
// measured there, 512 bits are 15-25 % faster from L1 and L2 (5-point 0.12 for 0.17 ns per point, 25-point 1.08
// for 1.26), level from memory. On Zen 4 LLVM takes 512 by itself, where narrower ones gained 10 % in L1 and L2 and
// lost 20 % from L3.
bool prefersWideVectors() {
  static const bool wide = hostCpu().features.find("+avx512fp16") != std::string::npos;
  return wide;
}

const char* llvmVersion() { return LLVM_VERSION_STRING; }

std::unique_ptr<llvm::TargetMachine> makeTargetMachine() {
  static std::once_flag initialised;
  std::call_once(initialised, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  const std::string name = llvm::sys::getProcessTriple();
  std::string problem;
#if LLVM_VERSION_MAJOR >= 22
  const llvm::Triple triple(name);
#else
  const std::string& triple = name;
#endif
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, problem);
  if (!target) throw CompileError("LLVM does not know this machine: " + problem);
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;  // only where instructions carry `contract`
#if LLVM_VERSION_MAJOR >= 21
  const llvm::Triple& machineTriple = llvm::Triple(name);
#else
  const std::string& machineTriple = name;
#endif
  // Small code model, position independent: what JITLink places anywhere and the disk cache can hand to any process.
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(machineTriple, hostCpu().name, hostCpu().features, options, llvm::Reloc::PIC_,
                                  llvm::CodeModel::Small, llvm::CodeGenOptLevel::Aggressive));
  if (!machine) throw CompileError("LLVM makes no code for " + name);
  return machine;
}

}  // namespace quadrille
