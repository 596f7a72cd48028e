// Whether this processor fuses multiply-adds, on which the last bits of mathematical functions depend.
#pragma once

namespace quadrille {

// QUADRILLE_FMA=off says no.
bool fusesMultiplyAdds();

}  // namespace quadrille
