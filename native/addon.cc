// Entry of quadrille.node.
#include <napi.h>

static Napi::Object init(Napi::Env, Napi::Object exports) { return exports; }

NODE_API_MODULE(quadrille, init)
