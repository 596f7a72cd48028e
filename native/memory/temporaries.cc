// See temporaries.h.
#include "memory/temporaries.h"

#include <algorithm>

namespace quadrille {

namespace {

bool alike(const FieldDesc& a, const FieldDesc& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.offset == b.offset && a.extent == b.extent;
}

}  // namespace

std::vector<std::shared_ptr<Field>> Temporaries::take(const std::vector<FieldDesc>& wanted) {
  std::erase_if(fields_, [](const std::weak_ptr<Field>& field) { return field.expired(); });
  std::vector<std::shared_ptr<Field>> taken;
  for (const FieldDesc& desc : wanted) {
    std::shared_ptr<Field> found;
    for (const std::weak_ptr<Field>& candidate : fields_) {
      const std::shared_ptr<Field> field = candidate.lock();
      if (field && alike(field->desc(), desc) && std::find(taken.begin(), taken.end(), field) == taken.end()) {
        found = field;
        break;
      }
    }
    if (!found) {
      found = std::make_shared<Field>(desc);
      fields_.push_back(found);
    }
    taken.push_back(std::move(found));
  }
  return taken;
}

}  // namespace quadrille
