// A field's own block as a whole: fill it, copy it in or out in C order. The field's memory must be there (ensure()).
#pragma once

#include <cstddef>

#include "memory/field.h"

namespace quadrille {

void fillBlock(Field& field, double value, Team& team);
void writeBlock(Field& field, const std::byte* from, Team& team);
// One thread: called from the JavaScript thread while the team rests.
void readBlock(const Field& field, std::byte* to);

}  // namespace quadrille
