/**
 * The one door to llvm-bindings: what the emitter needs of LLVM, as typed operations; a finished module leaves as
 * bitcode. Loaded on first use only: a session whose kernels are all cached never pays for it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type llvm from 'llvm-bindings';
import type { DType } from './program.js';
import { isFloat } from './types.js';

type Llvm = typeof llvm;
export type Value = llvm.Value;
export type Block = llvm.BasicBlock;
export type Phi = llvm.PHINode;
export type Fn = llvm.Function;

let loaded: Llvm | undefined;

function bindings(): Llvm {
  try {
    loaded ??= createRequire(import.meta.url)('llvm-bindings') as Llvm;
    return loaded;
  } catch (cause) {
    // The usual cause: npm was told to run no install scripts. lib/ turns the code into its own error.
    throw Object.assign(new Error('llvm-bindings is not built, or does not load.', { cause }), {
      code: 'ADDON_MISSING',
    });
  }
}

export type Predicate = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';
export type FloatOp = 'add' | 'sub' | 'mul' | 'div';
export type IntegerOp = 'add' | 'sub' | 'mul' | 'sdiv' | 'srem' | 'shl' | 'ashr';
const INTRINSICS = {
  sqrt: 'sqrt',
  abs: 'fabs',
  floor: 'floor',
  ceil: 'ceil',
  trunc: 'trunc',
  rint: 'rint',
  copysign: 'copysign',
} as const;
export type IntrinsicName = keyof typeof INTRINSICS;

/** Types of function arguments: `f64*` is the address of f64 elements, `ptr*` an array of addresses. */
export type ArgType = `${DType}*` | 'ptr*' | 'i64';

/** Named so, arithmetic on elements is told from arithmetic on indices, which never wraps around (fixup.cc). */
const WRAP = 'wrap';

/** One LLVM module under construction. Instructions go to the block last chosen with `at`. */
export class ModuleBuilder {
  private readonly llvm = bindings();
  private readonly context = new this.llvm.LLVMContext();
  private readonly module: llvm.Module;
  private readonly builder = new this.llvm.IRBuilder(this.context);

  constructor(name: string) {
    this.module = new this.llvm.Module(name, this.context);
  }

  defineFunction(name: string, args: readonly ArgType[], linkage: 'external' | 'internal'): Fn {
    const { LinkageTypes } = this.llvm.Function;
    const kind = linkage === 'external' ? LinkageTypes.ExternalLinkage : LinkageTypes.InternalLinkage;
    const types = args.map((arg) => this.argType(arg));
    return this.llvm.Function.Create(
      this.llvm.FunctionType.get(this.builder.getVoidTy(), types, false),
      kind,
      name,
      this.module,
    );
  }

  block(name: string, fn: Fn): Block {
    return this.llvm.BasicBlock.Create(this.context, name, fn);
  }

  at(block: Block): void {
    this.builder.SetInsertPoint(block);
  }

  int(value: number): Value {
    // Not getInt64: it truncates negative numbers to 32 bits.
    return this.llvm.ConstantInt.get(this.builder.getInt64Ty(), value, true);
  }

  float(value: number, dtype: DType): Value {
    return this.llvm.ConstantFP.get(this.registerType(dtype), value);
  }

  /** A constant element of an integer field. */
  integer(value: number, dtype: DType): Value {
    return this.llvm.ConstantInt.get(this.integerType(dtype), value, true);
  }

  add(a: Value, b: Value): Value {
    return this.builder.CreateAdd(a, b);
  }

  mul(a: Value, b: Value): Value {
    return this.builder.CreateMul(a, b);
  }

  less(a: Value, b: Value): Value {
    return this.builder.CreateICmpSLT(a, b);
  }

  counter(name: string): Phi {
    return this.builder.CreatePHI(this.builder.getInt64Ty(), 2, name);
  }

  jump(to: Block): void {
    this.builder.CreateBr(to);
  }

  branch(condition: Value, then: Block, otherwise: Block): void {
    this.builder.CreateCondBr(condition, then, otherwise);
  }

  /** Element `index` of an array; a boolean, a byte in memory, as i1. */
  load(dtype: DType, base: Value, index: Value): Value {
    const element = this.memoryType(dtype);
    const value = this.builder.CreateLoad(element, this.builder.CreateInBoundsGEP(element, base, index));
    return dtype === 'bool' ? this.builder.CreateICmpNE(value, this.llvm.ConstantInt.get(element, 0)) : value;
  }

  /** Address number `index` of an array of addresses, as the address of elements of `dtype`. */
  loadAddress(dtype: DType, base: Value, index: Value): Value {
    const bytes = this.builder.getInt8PtrTy();
    const raw = this.builder.CreateLoad(bytes, this.builder.CreateInBoundsGEP(bytes, base, index));
    return this.builder.CreateBitCast(raw, this.argType(`${dtype}*`));
  }

  store(value: Value, dtype: DType, base: Value, index: Value): void {
    const element = this.memoryType(dtype);
    const stored = dtype === 'bool' ? this.builder.CreateZExt(value, element) : value;
    this.builder.CreateStore(stored, this.builder.CreateInBoundsGEP(element, base, index));
  }

  floatOp(op: FloatOp, a: Value, b: Value): Value {
    switch (op) {
      case 'add':
        return this.builder.CreateFAdd(a, b);
      case 'sub':
        return this.builder.CreateFSub(a, b);
      case 'mul':
        return this.builder.CreateFMul(a, b);
      case 'div':
        return this.builder.CreateFDiv(a, b);
    }
  }

  negate(a: Value): Value {
    return this.builder.CreateFNeg(a);
  }

  /** Arithmetic on elements: wraps around. The caller sees to divisors and shift counts. */
  integerOp(op: IntegerOp, a: Value, b: Value): Value {
    switch (op) {
      case 'add':
        return this.builder.CreateAdd(a, b, WRAP);
      case 'sub':
        return this.builder.CreateSub(a, b, WRAP);
      case 'mul':
        return this.builder.CreateMul(a, b, WRAP);
      case 'sdiv':
        return this.builder.CreateSDiv(a, b);
      case 'srem':
        return this.builder.CreateSRem(a, b);
      case 'shl':
        return this.builder.CreateShl(a, b);
      case 'ashr':
        return this.builder.CreateAShr(a, b);
    }
  }

  /** 0 <= a < b, for integers. */
  below(a: Value, b: Value): Value {
    return this.builder.CreateICmpULT(a, b);
  }

  /** Of floats as IEEE has it: false where either is NaN, except `ne` (true). */
  compare(predicate: Predicate, a: Value, b: Value, dtype: DType = 'f64'): Value {
    if (dtype === 'bool') return this.compareUnsigned(predicate, a, b); // true, as a signed bit, is -1
    return isFloat(dtype) ? this.compareFloats(predicate, a, b) : this.compareSigned(predicate, a, b);
  }

  private compareUnsigned(predicate: Predicate, a: Value, b: Value): Value {
    switch (predicate) {
      case 'lt':
        return this.builder.CreateICmpULT(a, b);
      case 'le':
        return this.builder.CreateICmpULE(a, b);
      case 'gt':
        return this.builder.CreateICmpUGT(a, b);
      case 'ge':
        return this.builder.CreateICmpUGE(a, b);
      case 'eq':
        return this.builder.CreateICmpEQ(a, b);
      case 'ne':
        return this.builder.CreateICmpNE(a, b);
    }
  }

  private compareSigned(predicate: Predicate, a: Value, b: Value): Value {
    switch (predicate) {
      case 'lt':
        return this.builder.CreateICmpSLT(a, b);
      case 'le':
        return this.builder.CreateICmpSLE(a, b);
      case 'gt':
        return this.builder.CreateICmpSGT(a, b);
      case 'ge':
        return this.builder.CreateICmpSGE(a, b);
      case 'eq':
        return this.builder.CreateICmpEQ(a, b);
      case 'ne':
        return this.builder.CreateICmpNE(a, b);
    }
  }

  private compareFloats(predicate: Predicate, a: Value, b: Value): Value {
    switch (predicate) {
      case 'lt':
        return this.builder.CreateFCmpOLT(a, b);
      case 'le':
        return this.builder.CreateFCmpOLE(a, b);
      case 'gt':
        return this.builder.CreateFCmpOGT(a, b);
      case 'ge':
        return this.builder.CreateFCmpOGE(a, b);
      case 'eq':
        return this.builder.CreateFCmpOEQ(a, b);
      case 'ne':
        return this.builder.CreateFCmpUNE(a, b);
    }
  }

  and(a: Value, b: Value): Value {
    return this.builder.CreateAnd(a, b);
  }

  or(a: Value, b: Value): Value {
    return this.builder.CreateOr(a, b);
  }

  xor(a: Value, b: Value): Value {
    return this.builder.CreateXor(a, b);
  }

  not(a: Value): Value {
    return this.builder.CreateNot(a);
  }

  select(condition: Value, a: Value, b: Value): Value {
    return this.builder.CreateSelect(condition, a, b);
  }

  /** As NumPy's astype. */
  convert(a: Value, from: DType, to: DType): Value {
    if (from === to) return a;
    if (to === 'bool') {
      return this.compare('ne', a, isFloat(from) ? this.float(0, from) : this.integer(0, from), from);
    }
    const type = this.registerType(to);
    if (from === 'bool') return isFloat(to) ? this.builder.CreateUIToFP(a, type) : this.builder.CreateZExt(a, type);
    if (isFloat(from)) {
      if (!isFloat(to)) return this.truncate(a, from, to);
      return to === 'f64' ? this.builder.CreateFPExt(a, type) : this.builder.CreateFPTrunc(a, type);
    }
    if (isFloat(to)) return this.builder.CreateSIToFP(a, type);
    return to === 'i64' ? this.builder.CreateSExt(a, type) : this.builder.CreateTrunc(a, type);
  }

  /** Towards zero; what does not fit, and NaN, is the least integer: what x86's instruction gives, LLVM leaves undefined. */
  private truncate(a: Value, from: DType, to: DType): Value {
    const limit = to === 'i64' ? 2 ** 63 : 2 ** 31;
    // -2^31 - 0.5 is truncated to -2^31: it fits; neighbours of 2^31 in f32, and of 2^63, are whole.
    const whole = to === 'i64' || from === 'f32';
    const low = this.compare(whole ? 'ge' : 'gt', a, this.float(whole ? -limit : -limit - 1, from), from);
    const fits = this.and(low, this.compare('lt', a, this.float(limit, from), from));
    const safe = this.select(fits, a, this.float(0, from));
    return this.select(fits, this.builder.CreateFPToSI(safe, this.registerType(to)), this.integer(-limit, to));
  }

  intrinsic(name: IntrinsicName, dtype: DType, args: readonly Value[]): Value {
    const id = this.llvm.Intrinsic[INTRINSICS[name]];
    const callee = this.llvm.Intrinsic.getDeclaration(this.module, id, [this.registerType(dtype)]);
    return this.builder.CreateCall(callee, [...args]);
  }

  /** Calls a mathematical function of the engine's (native/engine/maths.h). */
  maths(name: string, dtype: DType, args: readonly Value[]): Value {
    const type = this.registerType(dtype);
    const signature = this.llvm.FunctionType.get(
      type,
      args.map(() => type),
      false,
    );
    const callee = this.module.getOrInsertFunction(`q_${name}_${dtype}`, signature);
    return this.builder.CreateCall(callee, [...args]);
  }

  call(fn: Fn, args: readonly Value[]): void {
    this.builder.CreateCall(fn, [...args]);
  }

  returnVoid(): void {
    this.builder.CreateRetVoid();
  }

  text(): string {
    return this.module.print();
  }

  /** Bitcode of the finished module. */
  bitcode(): Uint8Array {
    if (this.llvm.verifyModule(this.module)) throw new RangeError(`emitted IR is not valid:\n${this.text()}`);
    // The bindings can only write files.
    // A folder of our own (0700, a name nobody knows): in a shared one, others could have put a link under any name.
    const folder = mkdtempSync(join(tmpdir(), 'quadrille-'));
    try {
      const file = join(folder, 'kernel.bc');
      this.llvm.WriteBitcodeToFile(this.module, file);
      return new Uint8Array(readFileSync(file));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private registerType(dtype: DType): llvm.Type {
    switch (dtype) {
      case 'f64':
        return this.builder.getDoubleTy();
      case 'f32':
        return this.builder.getFloatTy();
      case 'i64':
      case 'i32':
      case 'bool':
        return this.integerType(dtype);
    }
  }

  private integerType(dtype: DType): llvm.IntegerType {
    if (dtype === 'i64') return this.builder.getInt64Ty();
    return dtype === 'i32' ? this.builder.getInt32Ty() : this.builder.getInt1Ty();
  }

  private memoryType(dtype: DType): llvm.Type {
    return dtype === 'bool' ? this.builder.getInt8Ty() : this.registerType(dtype);
  }

  private argType(arg: ArgType): llvm.Type {
    switch (arg) {
      case 'f64*':
        return this.llvm.Type.getDoublePtrTy(this.context);
      case 'f32*':
        return this.llvm.Type.getFloatPtrTy(this.context);
      case 'i64*':
        return this.llvm.Type.getInt64PtrTy(this.context);
      case 'i32*':
        return this.llvm.Type.getInt32PtrTy(this.context);
      case 'bool*':
        return this.builder.getInt8PtrTy();
      case 'ptr*':
        return this.llvm.PointerType.get(this.builder.getInt8PtrTy(), 0);
      case 'i64':
        return this.builder.getInt64Ty();
    }
  }
}
