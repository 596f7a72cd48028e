// Methods of the addon that make, fill, read and dispose of fields.
#include "addon_arguments.h"
#include "addon_state.h"
#include "memory/block.h"
#include "memory/budget.h"

namespace quadrille {

namespace {

// A field of so many bytes may stay until there is something else to do.
constexpr int64_t kSmallBytes = 4096;

int64_t elements(const Index& sizes) {
  int64_t product = 1;
  for (const int64_t size : sizes) {
    if (__builtin_mul_overflow(product, size, &product)) throw UsageError("the sizes' product is beyond 2^63");
  }
  return product;
}

std::shared_ptr<Field> makeField(const Executor& executor, const FieldDesc& desc) {
  try {
    return std::make_shared<Field>(desc);
  } catch (const OutOfMemory&) {
    if (executor.resting()) throw;
  }
  // Fields disposed of, and behind them what Plans keep for them, give their memory back in their turn.
  executor.settle();
  return std::make_shared<Field>(desc);
}

// V8 collects its garbage by what it knows of: without this, a loop that drops arrays fills the memory before the
// collector sees a reason to look for them.
void tellV8(Napi::Env env, const FieldDesc& desc, int sign) {
  const int64_t bytes = elements(desc.extent) * static_cast<int64_t>(sizeOf(desc.dtype));
  Napi::MemoryManagement::AdjustExternalMemory(env, sign * bytes);
}

Napi::Value createField(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  expect(info[0].IsObject(), "desc", "an object");
  const auto desc = info[0].As<Napi::Object>();
  const auto dtype = dtypeNamed(asString(desc.Get("dtype"), "dtype"));
  expect(dtype.has_value(), "dtype", kDTypeNames);
  FieldDesc made{*dtype, asSizes(desc.Get("shape"), "shape"), asSizes(desc.Get("offset"), "offset"),
                 asSizes(desc.Get("extent"), "extent")};
  const size_t dims = made.shape.size();
  expect(made.offset.size() == dims && made.extent.size() == dims, "desc", "of one number of dimensions");
  for (size_t d = 0; d < dims; ++d) {
    expect(made.offset[d] + made.extent[d] <= made.shape[d], "desc", "a block within its shape");
  }
  expect(state.nextField < kFirstHostField, "desc", "one of the first 2^30 fields of this process");
  auto field = makeField(executor, made);
  const int32_t id = state.nextField++;
  tellV8(info.Env(), made, 1);
  state.fields.emplace(id, std::move(made));
  executor.post(AddField{id, std::move(field)});
  return Napi::Number::New(info.Env(), id);
}

Napi::Value createHostField(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  const Numbers numbers = asNumbers(info[0], "data");
  const Index shape = asSizes(info[1], "shape");
  expect(elements(shape) == numbers.length, "data", "as long as its shape says");
  FieldDesc desc{numbers.dtype, shape, Index(shape.size(), 0), shape};
  auto field = std::make_shared<Field>(desc, numbers.data, Kept::hold(state.kept, info[0].As<Napi::Object>()));
  const int32_t id = state.nextHostField++;
  state.fields.emplace(id, std::move(desc));
  executor.post(AddField{id, std::move(field)});
  return Napi::Number::New(info.Env(), id);
}

Napi::Value disposeField(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  const FieldDesc& desc = state.field(id);
  if (id < kFirstHostField) tellV8(info.Env(), desc, -1);
  state.executor().post(DropField{id, elements(desc.extent) * static_cast<int64_t>(sizeOf(desc.dtype)) <= kSmallBytes});
  state.fields.erase(id);
  state.kept->sweep();
  return info.Env().Undefined();
}

Napi::Value fillField(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  state.field(id);
  state.executor().post(FillField{id, asDouble(info[1], "value")});
  return info.Env().Undefined();
}

Napi::Value writeBlock(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  const FieldDesc& desc = state.field(id);
  const Numbers numbers = asNumbers(info[1], "data");
  expect(numbers.dtype == desc.dtype, "data", "of the field's dtype");
  expect(numbers.length == elements(desc.extent), "data", "as long as the block");
  state.executor().post(WriteField{id, numbers.data, Kept::hold(state.kept, info[1].As<Napi::Object>())});
  return info.Env().Undefined();
}

Napi::Value readBlock(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  const FieldDesc& desc = state.field(id);
  Executor& executor = state.executor();
  if (!executor.idle()) throw UsageError("readBlock() while work is queued: sync() first");
  executor.settle();
  const auto count = static_cast<size_t>(elements(desc.extent));
  auto buffer = Napi::ArrayBuffer::New(info.Env(), count * sizeOf(desc.dtype));
  // Not there yet: nothing was written, and the buffer's zeros are its contents.
  if (const Field* field = executor.field(id)) readBlock(*field, static_cast<std::byte*>(buffer.Data()));
  switch (desc.dtype) {
    case DType::f64:
      return Napi::Float64Array::New(info.Env(), count, buffer, 0);
    case DType::f32:
      return Napi::Float32Array::New(info.Env(), count, buffer, 0);
    case DType::i64:
      return Napi::BigInt64Array::New(info.Env(), count, buffer, 0);
    case DType::i32:
      return Napi::Int32Array::New(info.Env(), count, buffer, 0);
    case DType::boolean:
      return Napi::Uint8Array::New(info.Env(), count, buffer, 0);
  }
  throw UsageError("a field of no known dtype");
}

Napi::Value valueSoon(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  const DType dtype = state.field(id).dtype;
  Executor& executor = state.executor();
  if (!executor.restsSoon()) return info.Env().Undefined();
  const Field* field = executor.field(id);
  double value = 0;
  if (field && dtype == DType::f64) {
    value = *reinterpret_cast<const double*>(field->origin());
  } else if (field && dtype == DType::f32) {
    value = *reinterpret_cast<const float*>(field->origin());
  } else if (field) {
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), value);
}

Napi::Value available(AddonState&, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(memoryAvailable()));
}

}  // namespace

void defineFieldMethods(Napi::Env env, Napi::Object exports) {
  exports.Set("memoryAvailable", Napi::Function::New<method<available>>(env, "memoryAvailable"));
  exports.Set("createField", Napi::Function::New<method<createField>>(env, "createField"));
  exports.Set("createHostField", Napi::Function::New<method<createHostField>>(env, "createHostField"));
  exports.Set("disposeField", Napi::Function::New<method<disposeField>>(env, "disposeField"));
  exports.Set("fillField", Napi::Function::New<method<fillField>>(env, "fillField"));
  exports.Set("writeBlock", Napi::Function::New<method<writeBlock>>(env, "writeBlock"));
  exports.Set("valueSoon", Napi::Function::New<method<valueSoon>>(env, "valueSoon"));
  exports.Set("readBlock", Napi::Function::New<method<readBlock>>(env, "readBlock"));
}

}  // namespace quadrille
