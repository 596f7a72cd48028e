// Fields for the temporaries of Plans: alike ones are shared between Plans, since only one Plan runs at a time.
#pragma once

#include <memory>
#include <vector>

#include "memory/field.h"

namespace quadrille {

// Of the executor thread only.
class Temporaries {
 public:
  // One field per description, all different. They live as long as some Plan holds them. Throws OutOfMemory.
  std::vector<std::shared_ptr<Field>> take(const std::vector<FieldDesc>& wanted);

 private:
  std::vector<std::weak_ptr<Field>> fields_;
};

}  // namespace quadrille
