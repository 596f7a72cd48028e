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

export type FloatPredicate = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';
export type FloatOp = 'add' | 'sub' | 'mul' | 'div';
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
export type ArgType = 'f64*' | 'f32*' | 'i64*' | 'ptr*' | 'i64';

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
    return this.llvm.ConstantFP.get(this.floatType(dtype), value);
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

  /** Element `index` of an array of f64, f32 or i64. */
  load(type: DType | 'i64', base: Value, index: Value): Value {
    const element = type === 'i64' ? this.builder.getInt64Ty() : this.floatType(type);
    return this.builder.CreateLoad(element, this.builder.CreateInBoundsGEP(element, base, index));
  }

  /** Address number `index` of an array of addresses, as the address of elements of `dtype`. */
  loadAddress(dtype: DType, base: Value, index: Value): Value {
    const bytes = this.builder.getInt8PtrTy();
    const raw = this.builder.CreateLoad(bytes, this.builder.CreateInBoundsGEP(bytes, base, index));
    return this.builder.CreateBitCast(raw, this.argType(`${dtype}*`));
  }

  store(value: Value, dtype: DType, base: Value, index: Value): void {
    this.builder.CreateStore(value, this.builder.CreateInBoundsGEP(this.floatType(dtype), base, index));
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

  /** IEEE comparison; false where either is NaN, except `ne` (true). */
  compare(predicate: FloatPredicate, a: Value, b: Value): Value {
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

  widen(a: Value): Value {
    return this.builder.CreateFPExt(a, this.floatType('f64'));
  }

  narrow(a: Value): Value {
    return this.builder.CreateFPTrunc(a, this.floatType('f32'));
  }

  boolToFloat(a: Value, dtype: DType): Value {
    return this.builder.CreateUIToFP(a, this.floatType(dtype));
  }

  /** Of an i64. */
  intToFloat(a: Value, dtype: DType): Value {
    return this.builder.CreateSIToFP(a, this.floatType(dtype));
  }

  intrinsic(name: IntrinsicName, dtype: DType, args: readonly Value[]): Value {
    const id = this.llvm.Intrinsic[INTRINSICS[name]];
    const callee = this.llvm.Intrinsic.getDeclaration(this.module, id, [this.floatType(dtype)]);
    return this.builder.CreateCall(callee, [...args]);
  }

  /** Calls a mathematical function of the engine's (native/engine/maths.h). */
  maths(name: string, dtype: DType, args: readonly Value[]): Value {
    const type = this.floatType(dtype);
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

  private floatType(dtype: DType): llvm.Type {
    return dtype === 'f64' ? this.builder.getDoubleTy() : this.builder.getFloatTy();
  }

  private argType(arg: ArgType): llvm.Type {
    switch (arg) {
      case 'f64*':
        return this.llvm.Type.getDoublePtrTy(this.context);
      case 'f32*':
        return this.llvm.Type.getFloatPtrTy(this.context);
      case 'i64*':
        return this.llvm.Type.getInt64PtrTy(this.context);
      case 'ptr*':
        return this.llvm.PointerType.get(this.builder.getInt8PtrTy(), 0);
      case 'i64':
        return this.builder.getInt64Ty();
    }
  }
}
