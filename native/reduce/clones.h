// One function body, compiled for several instruction sets and chosen when the addon is loaded. Not under a sanitizer:
// its runtime is not there yet when the choice is made.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__)
#define QUADRILLE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define QUADRILLE_CLONES
#endif
