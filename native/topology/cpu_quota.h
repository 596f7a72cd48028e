// CPU time the control groups of this process grant, in cores.
#pragma once

namespace quadrille {

// Least quota on the way from the process's cgroup (v2, or v1's cpu controller) to the root; infinity without one.
double cpuQuota();

}  // namespace quadrille
