# To be sourced. In: nothing. Out: an environment in which mpirun starts ranks on any machine we build or test on.
# All of it is OpenMPI's (4: OMPI_*, 5: PRTE_*); MPICH does not look at it.

# OpenMPI refuses to run as root unless told twice; containers and CI machines often have no other user.
if ((EUID == 0)); then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# More ranks than cores must start, if slowly: tests go to 8 ranks, and a virtual machine may have one core.
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
# Unbound ranks: quadrille divides a node's cores among its ranks itself. OpenMPI's default for two ranks is one core
# each, whatever the machine has.
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
