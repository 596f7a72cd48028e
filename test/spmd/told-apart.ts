/**
 * Imported before MPI starts. In: TEST_SHARED_BYTES, a number for each rank; out: QUADRILLE_SHARED_BYTES of this one, as
 * where the environment differs from node to node.
 */
const { TEST_SHARED_BYTES: told, OMPI_COMM_WORLD_RANK: open, PMI_RANK: hydra } = process.env;
const mine = told?.split(' ')[Number(open ?? hydra)];
if (mine !== undefined) process.env.QUADRILLE_SHARED_BYTES = mine;
